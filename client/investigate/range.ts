import type { Language } from '../../shared/i18n/catalogue.ts';
import { formatClock } from '../../shared/i18n/translate.ts';
import { zoneHours, type Zone } from '../../shared/i18n/zone.ts';
import { maxQueryDays } from '../../shared/query/event-query.ts';

/** A range of time: the last so many ms up to now, or between two times, epoch ms, `to` exclusive. */
export type TimeRange =
  | { readonly kind: 'last'; readonly ms: number }
  | { readonly kind: 'between'; readonly from: number; readonly to: number };

/** A range that stands still. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Longest range that the server takes. */
export const maxRangeMs = maxQueryDays * day;
/** Shortest range that is worth zooming into. */
export const minRangeMs = second;

/** The presets beside the search, shortest first. */
export const presets = [15 * minute, hour, 4 * hour, day, 7 * day] as const;
export const defaultRange: TimeRange & { readonly kind: 'last' } = { kind: 'last', ms: presets[0] };

type Units = Readonly<Record<string, number>>;
/** As in addresses, whatever the language. */
const addressUnits: Units = { s: second, m: minute, h: hour, d: day };
const typedUnits: Readonly<Record<Language, Units>> = {
  id: { d: second, m: minute, j: hour, h: day },
  en: addressUnits,
};

function parseUnits(text: string, units: Units): number | null {
  const [, digits = '', unit = ''] = /^(\d{1,8}) ?([a-z])$/.exec(text) ?? [];
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  const ms = Number(digits) * (factor ?? 0);
  return ms >= minRangeMs && ms <= maxRangeMs ? ms : null;
}

function printUnits(ms: number, units: Units): string {
  const fitting = Object.entries(units)
    .sort(([, a], [, b]) => b - a)
    // A single day is written in hours, as people say it.
    .find(([, size]) => ms % size === 0 && ms / size > (size === day ? 1 : 0));
  return fitting ? `${ms / fitting[1]}${fitting[0]}` : `${Math.round(ms / second)}${Object.keys(units)[0]}`;
}

/** Reads `15m`, `24h`, `7d` of an address; `null` when it is no length, or longer than the server takes. */
export const parseSpan = (text: string): number | null => parseUnits(text, addressUnits);
/** The opposite of `parseSpan` for whole seconds. */
export const printSpan = (ms: number): string => printUnits(ms, addressUnits);
/** A length as people of the language write it: `24j`, `7h` in Indonesian, `24h`, `7d` in English. */
export const spanLabel = (ms: number, language: Language): string => printUnits(ms, typedUnits[language]);

/** Where a range begins and ends when it is `now`. */
export function resolveRange(range: TimeRange, now: number): Span {
  return range.kind === 'last' ? { from: now - range.ms, to: now } : range;
}

const between = (from: number, to: number): TimeRange => ({
  kind: 'between',
  from: Math.max(0, Math.floor(from)),
  to: Math.max(1, Math.ceil(to)),
});

/** Twice the range around its middle, ending at `now` at the latest. */
export function zoomOut(range: TimeRange, now: number): TimeRange {
  if (range.kind === 'last') return { kind: 'last', ms: Math.min(maxRangeMs, range.ms * 2) };
  const length = Math.min(maxRangeMs, (range.to - range.from) * 2);
  const to = Math.max(range.to, Math.min(now, (range.from + range.to + length) / 2));
  return between(to - length, to);
}

/** Half of the range around its middle. */
export function zoomIn(range: TimeRange, now: number): TimeRange {
  const { from, to } = resolveRange(range, now);
  const quarter = (to - from) / 4;
  return to - from < 4 * minRangeMs ? range : between(from + quarter, to - quarter);
}

/** The range moved by half of itself, back (-1) or on (1). */
export function moveRange(range: TimeRange, now: number, direction: -1 | 1): TimeRange {
  const { from, to } = resolveRange(range, now);
  const step = ((to - from) / 2) * direction;
  return between(from + step, to + step);
}

/** A range of `ms` to both sides of a time. */
export const rangeAround = (at: number, ms = 5 * minute): TimeRange => between(at - ms, at + ms);

/** A range for a stretch that was dragged out; never shorter than a second. */
export const draggedRange = (from: number, to: number): TimeRange =>
  between(from, Math.max(to, from + minRangeMs));

const pad = (value: number): string => String(value).padStart(2, '0');

/** `2026-11-24 14:05:12` in the zone. */
export function isoMinute(at: number, zone: Zone): string {
  const local = new Date(at + zoneHours[zone] * hour);
  const date = `${local.getUTCFullYear()}-${pad(local.getUTCMonth() + 1)}-${pad(local.getUTCDate())}`;
  return `${date} ${formatClock(at, zone)}`;
}

/** `24/11 14:05:12` in the zone, as on the axis of a chart. */
export function dayMinute(at: number, zone: Zone): string {
  const local = isoMinute(at, zone);
  return `${local.slice(8, 10)}/${local.slice(5, 7)} ${local.slice(11)}`;
}

/** A range between two times as it may be typed: `2026-11-24 13:30:00 – 14:05:00`. */
export function printBetween({ from, to }: Span, zone: Zone): string {
  const start = isoMinute(from, zone);
  const end = isoMinute(to, zone);
  return `${start} – ${start.slice(0, 10) === end.slice(0, 10) ? end.slice(11) : end}`;
}

const dayNames: Readonly<Record<string, number>> = { 'hari ini': 0, today: 0, kemarin: -1, yesterday: -1 };
const moment = '(?:(\\d{4}-\\d{2}-\\d{2})[ T])?(\\d{1,2})[:.](\\d{2})(?:[:.](\\d{2}))?';
const twoMoments = new RegExp(`^${moment}\\s*(?:-|–|—|to|s\\.?d\\.?)\\s*${moment}$`, 'i');

function startOfDay(text: string, zone: Zone): number | null {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(at) ? null : at - zoneHours[zone] * hour;
}

function timeOf(dayStart: number, parts: readonly (string | undefined)[]): number | null {
  const [h = 0, m = 0, s = 0] = parts.map((part) => Number(part ?? 0));
  return h <= 24 && m < 60 && s < 60 ? dayStart + h * hour + m * minute + s * second : null;
}

/**
 * Reads a range as people type it in the zone: `15m`, `2j`, `kemarin`, `2026-11-24`, `08:00-09:30`,
 * `2026-11-24 13:30 – 2026-11-25 14:05:10`. `null` when it is none, or upside down, or longer than the server takes.
 */
export function parseRange(
  typed: string,
  now: number,
  { zone, language }: { readonly zone: Zone; readonly language: Language },
): TimeRange | null {
  const text = typed.trim().toLowerCase();
  const ms = parseUnits(text, typedUnits[language]) ?? parseUnits(text, addressUnits);
  if (ms !== null) return { kind: 'last', ms };
  const today = Math.floor((now + zoneHours[zone] * hour) / day) * day - zoneHours[zone] * hour;
  const whole = wholeDay(text, today, zone);
  return whole === null ? typedMoments(text, today, zone) : between(whole, whole + day);
}

/** Start of the day that the text names. */
function wholeDay(text: string, today: number, zone: Zone): number | null {
  const offset = Object.hasOwn(dayNames, text) ? dayNames[text] : undefined;
  return offset === undefined ? startOfDay(text, zone) : today + offset * day;
}

function typedMoments(text: string, today: number, zone: Zone): TimeRange | null {
  const match = twoMoments.exec(text);
  if (!match) return null;
  const [, fromDate, h1, m1, s1, toDate, h2, m2, s2] = match;
  const fromDay = fromDate === undefined ? today : startOfDay(fromDate, zone);
  const toDay = toDate === undefined ? fromDay : startOfDay(toDate, zone);
  if (fromDay === null || toDay === null) return null;
  const from = timeOf(fromDay, [h1, m1, s1]);
  const to = timeOf(toDay, [h2, m2, s2]);
  if (from === null || to === null) return null;
  return from >= 0 && from < to && to - from <= maxRangeMs ? between(from, to) : null;
}
