import { isFieldName, type FieldName } from '../../shared/event/fields.ts';
import { printFilter, printQuery, type EventFilter } from '../../shared/query/event-query.ts';

/** Address of the investigate screen for one value in the last 15 minutes. */
export function investigateValue(field: FieldName, value: string): string {
  return `/investigate?${new URLSearchParams({ filter: printFilter({ field, value, exclude: false }) })}`;
}

/** Address of the investigate screen for a range, epoch ms, and what all its events have in common. */
export function investigateRange(
  from: number,
  to: number,
  key: Readonly<Record<string, string>> = {},
): string {
  return `/investigate?${printQuery({ from, to, filters: filtersOf(key), text: '' })}`;
}

/** The filters that an alert's key amounts to; what is no field of an event is left out. */
export function filtersOf(key: Readonly<Record<string, string>>): EventFilter[] {
  return Object.entries(key).flatMap(([field, value]) =>
    isFieldName(field) ? [{ field, value, exclude: false }] : [],
  );
}
