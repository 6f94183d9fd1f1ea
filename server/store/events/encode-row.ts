import type { SiagaEvent } from '../../../shared/event/fields.ts';
import { eventColumns, rareColumn, rareFields, type Column } from './columns.ts';

const needsEscape = /[\\\t\n\r\0]/;
const special = /[\\\t\n\r\0]/g;
const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\0': '\\0' };

const escape = (text: string): string =>
  needsEscape.test(text) ? text.replace(special, (char) => escapes[char] ?? char) : text;

/** Bytes that are no UTF-8, one character a byte: written as `\xHH`, which ClickHouse reads back as that byte. */
const escapeBytes = (text: string): string =>
  escape(text).replace(/[\x80-\xff]/g, (char) => `\\x${char.charCodeAt(0).toString(16)}`);

/** Epoch seconds with three decimals while they have ten digits (2001 to 2286), which ClickHouse reads quickest; else as a date. */
const time = (epochMs: number): string => {
  const text = String(epochMs);
  if (text.length === 13) return `${text.slice(0, 10)}.${text.slice(10)}`;
  return new Date(epochMs).toISOString().replace('T', ' ').slice(0, 23);
};

type Write = (text: string) => string;

function rareCell(event: SiagaEvent, write: Write): string {
  let cells = '';
  for (const field of rareFields) {
    const value = event[field];
    if (value === null) continue;
    cells += `${cells === '' ? '' : ','}'${field}':'${write(String(value)).replaceAll("'", "\\'")}'`;
  }
  return `{${cells}}`;
}

function cell(event: SiagaEvent, { field, absent }: Column, write: Write): string {
  if (field === rareColumn) return rareCell(event, write === verbatim ? escape : write);
  const value = event[field];
  if (value === null) return absent;
  if (typeof value === 'string') return write(value);
  return field === '@timestamp' || field === 'event.ingested' ? time(value) : String(value);
}

const verbatim: Write = (text) => text;

/**
 * One TSV row in the order of `eventColumns`, with its line feed. With `bytes`, each character stands for one byte
 * of a line that is no valid UTF-8. `clean` promises that no text of the event that has a column of its own needs escaping.
 */
export function encodeRow(event: SiagaEvent, { bytes, clean }: { bytes: boolean; clean: boolean }): string {
  const write = bytes ? escapeBytes : clean ? verbatim : escape;
  let row = '';
  for (const column of eventColumns) row += (row === '' ? '' : '\t') + cell(event, column, write);
  return `${row}\n`;
}
