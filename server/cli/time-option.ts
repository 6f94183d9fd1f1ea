import { parseDuration } from '../config/duration.ts';
import { found } from '../config/problem.ts';
import { UsageProblem } from './arguments.ts';

/** How times may be written, for a help text. */
export const timeWords =
  '2026-11-24, 2026-11-24T13:00, 2026-11-24T13:00:00+07:00 (UTC without an offset), or -24h, -7d, -30m: so long before now';

const form = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** The time that an option means, epoch ms; throws `UsageProblem` when it means none. A date alone is its beginning. */
export function timeOption(option: string, text: string, now: number): number {
  const durationMs = parseDuration(text.replace(/^-/, ''));
  const time = durationMs === null ? timeOf(text) : Math.max(0, now - durationMs);
  if (time !== null) return time;
  throw new UsageProblem(`--${option}: ${found(text)}, expected a time like ${timeWords}`);
}

function timeOf(text: string): number | null {
  const match = form.exec(text);
  if (!match) return null;
  const [, day = '', minutes = '00:00', seconds = ':00', zone = 'Z'] = match;
  // The 31st of a month of 30 days is no day, but Date.parse makes it the next one.
  if (!isDay(day)) return null;
  const time = Date.parse(`${day}T${minutes}${seconds}${zone}`);
  return time >= 0 ? time : null;
}

function isDay(day: string): boolean {
  const start = new Date(`${day}T00:00:00Z`);
  return Number.isFinite(start.getTime()) && start.toISOString().startsWith(day);
}
