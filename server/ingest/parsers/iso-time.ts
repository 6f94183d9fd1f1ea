import type { Zone } from '../../config/zone.ts';
import { epochOf } from './civil-time.ts';

const pattern =
  /^(\d{4})([-/])(\d{2})\2(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))? ?([Zz]|[+-]\d{2}(?::?\d{2})?)?$/;

/**
 * A time in ISO 8601 or RFC 3339 as epoch ms, also with slashes and a space for the `T`; of `zone` when it names no offset.
 * `null` when it isn't one, or lies beyond the times an event may have.
 */
export function parseIsoTime(text: string, zone: Zone): number | null {
  const match = pattern.exec(text);
  if (!match) return null;
  const [, year = '', , month, day, hour, minute, second, fraction, offset] = match;
  return epochOf({ year, month: Number(month) - 1, day, hour, minute, second, fraction, offset }, zone);
}
