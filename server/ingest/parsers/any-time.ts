import type { Zone } from '../../config/zone.ts';
import { isEventTime } from '../../../shared/event/time-range.ts';
import { parseIsoTime } from './iso-time.ts';
import { parseLogTime } from './log-time.ts';

const digits = /^\d{1,19}(?:\.\d{1,9})?$/;

/**
 * A time as JSON logs write it, as epoch ms: ISO 8601, the form of access logs, or a number since 1970 in seconds,
 * milliseconds, microseconds or nanoseconds, told apart by its size. `null` when it is none.
 */
export function parseAnyTime(value: unknown, zone: Zone): number | null {
  if (typeof value === 'number') return fromNumber(value);
  if (typeof value !== 'string') return null;
  if (digits.test(value)) return fromNumber(Number(value));
  return parseIsoTime(value, zone) ?? parseLogTime(value, zone);
}

function fromNumber(value: number): number | null {
  const scale = value < 1e11 ? 1_000 : value < 1e14 ? 1 : value < 1e17 ? 1e-3 : 1e-6;
  // Sub-milliseconds go; the sum keeps 1.001 s from becoming 1000.99… ms.
  const epoch = Math.floor(value * scale + 1e-4);
  return isEventTime(epoch) ? epoch : null;
}
