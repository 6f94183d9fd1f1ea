import type { SiagaEvent } from '../../../shared/event/fields.ts';
import { emptyEvent } from '../../../shared/event/empty-event.ts';
import { absentOf, eventColumns, rareColumn, type ColumnKind } from './columns.ts';

/** A cell as it was written: texts one character a byte, so that none is lost. */
type Cell = string | number | null | ReadonlyMap<string, string>;

/** Reads one row back as the event that it was written from, its texts one character a byte. */
export function readRow(row: Uint8Array): SiagaEvent {
  const event = emptyEvent() as Record<string, string | number | null>;
  const read = readerOf(row);
  for (const { field, kind } of eventColumns) {
    const cell = read[kind]();
    if (field === rareColumn) Object.assign(event, Object.fromEntries(cell as ReadonlyMap<string, string>));
    else if (cell !== absentOf.get(field)) event[field] = cell as string | number | null;
  }
  return event as SiagaEvent;
}

function readerOf(row: Uint8Array): Record<ColumnKind, () => Cell> {
  const view = Buffer.from(row.buffer, row.byteOffset, row.byteLength);
  let at = 0;
  const taking = (bytes: number): number => (at += bytes) - bytes;
  const length = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = view.readUInt8(taking(1));
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  const text = (): string => {
    const bytes = length();
    const start = taking(bytes);
    return view.toString('latin1', start, start + bytes);
  };
  const i64 = (): number => Number(view.readBigInt64LE(taking(8)));
  return {
    DateTime64: i64,
    UInt64: i64,
    Int64: i64,
    UInt32: () => view.readUInt32LE(taking(4)),
    UInt16: () => view.readUInt16LE(taking(2)),
    Float32: () => (view.readUInt8(taking(1)) === 1 ? null : view.readFloatLE(taking(4))),
    String: text,
    Map: () => new Map(Array.from({ length: length() }, () => [text(), text()] as const)),
  };
}
