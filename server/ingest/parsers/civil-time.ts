import type { Zone } from '../../config/zone.ts';
import { isEventTime } from '../../../shared/event/time-range.ts';

/** What a log writes of a time, as text; `month` is 0 to 11, a fraction is digits, an offset `Z`, `+0700`, `+07:00` or `+07`. */
export interface CivilTime {
  readonly year: string | number;
  readonly month: number;
  readonly day: string | undefined;
  readonly hour: string | undefined;
  readonly minute: string | undefined;
  readonly second: string | undefined;
  readonly fraction?: string | undefined;
  readonly offset?: string | undefined;
}

const months = new Map(
  ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].map(
    (name, index) => [name, index] as const,
  ),
);

/** Number of an English month in three letters, 0 to 11; -1 when it is none. */
export const monthOf = (name: string | undefined): number => months.get(name ?? '') ?? -1;

/**
 * Epoch ms, truncated; `null` when there is no such day or time, or it lies beyond the times that an event may have. Without
 * an offset it is a time on the wall of `zone`. A leap second is the next minute's first.
 */
export function epochOf(time: CivilTime, zone: Zone): number | null {
  const { month } = time;
  const year = Number(time.year);
  const day = Number(time.day);
  const hour = Number(time.hour);
  const minute = Number(time.minute);
  const second = Number(time.second);
  if (!(month >= 0 && month <= 11 && hour <= 23 && minute <= 59 && second <= 60)) return null;
  if (new Date(Date.UTC(year, month, day)).getUTCDate() !== day) return null;
  const wall = Date.UTC(year, month, day, hour, minute, second) + milliseconds(time.fraction);
  const epoch = time.offset === undefined ? zone(wall) : wall - offsetMs(time.offset);
  return isEventTime(epoch) ? epoch : null;
}

const milliseconds = (fraction: string | undefined): number =>
  fraction === undefined ? 0 : Number(fraction.slice(0, 3).padEnd(3, '0'));

function offsetMs(text: string): number {
  if (text === 'Z' || text === 'z') return 0;
  const digits = text.replace(':', '').padEnd(5, '0');
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5));
  return minutes * (digits.startsWith('-') ? -60_000 : 60_000);
}
