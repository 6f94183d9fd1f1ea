import type { StoredEvent } from '../../shared/api/schemas.ts';
import { fieldNames, type FieldName } from '../../shared/event/fields.ts';

/** A field of a stored event as text; `null` when the source didn't say. */
export function valueOf(event: StoredEvent, field: FieldName): string | null {
  const value = Object.hasOwn(event, field) ? event[field] : null;
  return value === null || value === undefined || value === '' ? null : String(value);
}

/** When it happened, epoch ms. */
export const timeOf = (event: StoredEvent): number => Number(valueOf(event, '@timestamp') ?? 0);

/** What tells an event from all others. */
export const sequenceOf = (event: StoredEvent): string => valueOf(event, 'event.sequence') ?? '';

/** The line as it was received. */
export const rawOf = (event: StoredEvent): string => valueOf(event, 'event.original') ?? '';

/** All fields that the event has, in the order of the field table, without the raw line. */
export function filledFields(event: StoredEvent): readonly (readonly [FieldName, string])[] {
  return fieldNames.flatMap((field) => {
    const value = field === 'event.original' ? null : valueOf(event, field);
    return value === null ? [] : [[field, value] as const];
  });
}
