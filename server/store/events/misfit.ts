import type { FieldName, SiagaEvent } from '../../../shared/event/fields.ts';
import { eventColumns, type ColumnKind } from './columns.ts';

/** From and to which number, both included, a column of that kind holds what a source may claim; whole numbers but for `Float32`. */
const ranges: Readonly<Partial<Record<ColumnKind, readonly [number, number]>>> = {
  DateTime64: [Date.parse('1900-01-01T00:00:00Z'), Date.parse('2299-12-31T23:59:59.999Z')],
  Int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  UInt32: [0, 4_294_967_295],
  UInt16: [0, 65_535],
  Float32: [-3.4e38, 3.4e38],
};

interface NumberColumn {
  readonly field: FieldName;
  readonly from: number;
  readonly to: number;
  readonly whole: boolean;
}

const numberColumns: readonly NumberColumn[] = eventColumns.flatMap(({ field, kind }) => {
  const range = ranges[kind];
  return range
    ? [{ field: field as FieldName, from: range[0], to: range[1], whole: kind !== 'Float32' }]
    : [];
});

/** What of an event its column can't hold, and what would fit; `null` when all fits. */
export function misfitOf(event: SiagaEvent): string | null {
  for (const { field, from, to, whole } of numberColumns) {
    const value = event[field];
    if (typeof value !== 'number') continue;
    if (value >= from && value <= to && (!whole || Number.isInteger(value))) continue;
    return `${field} is ${value}; expected a ${whole ? 'whole ' : ''}number from ${from} to ${to}`;
  }
  return null;
}
