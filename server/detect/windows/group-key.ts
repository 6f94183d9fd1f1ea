import { createHash } from 'node:crypto';
import type { FieldName, SiagaEvent } from '../../../shared/event/fields.ts';
import { detach } from '../../detach.ts';
import type { Detection } from '../detection.ts';
import { textOf } from '../match/field-text.ts';

/** Values longer than this are shortened in keys, with a hash that keeps them apart. */
export const maxKeyValueLength = 256;

/** The text itself, or when it is too long its start and a hash: bounded, and different for different texts. */
export function boundedValue(text: string): string {
  if (text.length <= maxKeyValueLength) return text;
  const hash = createHash('sha256').update(text, 'utf16le').digest('hex').slice(0, 24);
  return `${text.slice(0, maxKeyValueLength - 25)}…${hash}`;
}

/**
 * The event's values of the fields as one text, different for different values.
 * `null` when one is absent and `absent` is `refuse`; with `skip` absent ones are left out.
 */
export function groupKey(
  event: SiagaEvent,
  fields: readonly FieldName[],
  absent: 'refuse' | 'skip',
): string | null {
  let key = '';
  for (const field of fields) {
    const text = textOf(event[field]);
    if (text === null) {
      if (absent === 'refuse') return null;
      key += '-;';
    } else {
      const value = boundedValue(text);
      key += `${value.length}:${value};`;
    }
  }
  return key;
}

/** The same values by field, as a detection shows them. */
export function keyValues(event: SiagaEvent, fields: readonly FieldName[]): Detection['key'] {
  const values: Partial<Record<FieldName, string>> = {};
  for (const field of fields) {
    const text = textOf(event[field]);
    if (text !== null) values[field] = detach(boundedValue(text));
  }
  return values;
}
