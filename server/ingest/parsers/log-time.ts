import { utc, type Zone } from '../../config/zone.ts';
import { epochOf, monthOf } from './civil-time.ts';

const pattern =
  /^(\d{1,2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?(?: ([+-]\d{2}:?\d{2}))?$/;

/** Lines of one second come together, so the last answer is most often the next one. Of a time without an offset the zone counts too. */
let lastText = '';
let lastTime: number | null = null;
let lastLocalText = '';
let lastZone = utc;
let lastLocalTime: number | null = null;

/**
 * `23/Nov/2026:13:52:04 +0700` (strftime `%d/%b/%Y:%T %z`) as epoch ms, with milliseconds behind the seconds or none, and of
 * `zone` when it names no offset; `null` when it isn't, or lies beyond the times an event may have.
 */
export function parseLogTime(text: string, zone: Zone = utc): number | null {
  return text === lastText ? lastTime : read(text, zone);
}

function read(text: string, zone: Zone): number | null {
  if (text === lastLocalText && zone === lastZone) return lastLocalTime;
  const match = pattern.exec(text);
  if (!match) return null;
  const [, day, month, year = '', hour, minute, second, fraction, offset] = match;
  const time = epochOf({ year, month: monthOf(month), day, hour, minute, second, fraction, offset }, zone);
  if (offset === undefined) [lastLocalText, lastZone, lastLocalTime] = [text, zone, time];
  else [lastText, lastTime] = [text, time];
  return time;
}
