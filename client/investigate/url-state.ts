import * as z from 'zod/mini';
import { isZone, type Zone } from '../../shared/i18n/zone.ts';
import {
  eventQuerySchema,
  maxFilters,
  parseFilter,
  printFilter,
  type EventFilter,
} from '../../shared/query/event-query.ts';
import { defaultRange, parseSpan, printSpan, type TimeRange } from './range.ts';

/** All that decides what the investigate screen shows; it lives in the address. */
export interface InvestigateState {
  readonly filters: readonly EventFilter[];
  /** Substring of the raw line. */
  readonly text: string;
  readonly range: TimeRange;
  /** `null` leaves the zone to the preference. */
  readonly zone: Zone | null;
  /** `event.sequence` of the event whose details are shown. */
  readonly selected: string | null;
}

/** A state, and the parameters that had to be left out because they made no sense. */
export interface ReadState {
  readonly state: InvestigateState;
  readonly dropped: readonly string[];
}

export const emptyState: InvestigateState = {
  filters: [],
  text: '',
  range: defaultRange,
  zone: null,
  selected: null,
};

const textSchema = z.string().check(z.maxLength(500));
const selectedSchema = z.string().check(z.regex(/^\d{1,16}$/));
const lastSchema = z.pipe(
  z.string(),
  z.transform((text: string, context): number => {
    const ms = parseSpan(text);
    if (ms !== null) return ms;
    context.issues.push({ code: 'custom', message: 'expected a length such as 15m', input: text });
    return z.NEVER;
  }),
);
const zoneSchema = z.string().check(z.refine((text) => isZone(text)));

/** Filters in their order, doubles left out, at most as many as the server takes. */
function readFilters(params: URLSearchParams, drop: (name: string, value: string) => void): EventFilter[] {
  const filters = new Map<string, EventFilter>();
  for (const text of params.getAll('filter')) {
    const filter = parseFilter(text);
    if (!filter || filters.size >= maxFilters) drop('filter', text);
    else filters.set(printFilter(filter), filter);
  }
  return [...filters.values()];
}

/** The range of an address by `from` and `to` or by `last`; what makes no sense is dropped, and then it is `fallback`. */
export function readRange(
  params: URLSearchParams,
  drop: (name: string, value: string) => void,
  fallback: TimeRange = defaultRange,
): TimeRange {
  const from = params.get('from');
  const to = params.get('to');
  if (from !== null || to !== null) {
    const parsed = eventQuerySchema.safeParse({ from, to });
    if (parsed.success && from !== '' && to !== '') {
      return { kind: 'between', from: parsed.data.from, to: parsed.data.to };
    }
    if (from !== null) drop('from', from);
    if (to !== null) drop('to', to);
  }
  const last = params.get('last');
  if (last === null) return fallback;
  const ms = lastSchema.safeParse(last);
  if (ms.success) return { kind: 'last', ms: ms.data };
  drop('last', last);
  return fallback;
}

/** Writes a range into an address; the opposite of `readRange` with the same fallback. */
export function printRange(
  params: URLSearchParams,
  range: TimeRange,
  fallback: TimeRange & { readonly kind: 'last' } = defaultRange,
): void {
  if (range.kind === 'between') {
    params.set('from', String(range.from));
    params.set('to', String(range.to));
  } else if (range.ms !== fallback.ms) {
    params.set('last', printSpan(range.ms));
  }
}

/** Reads the search parameters of the address: each that makes no sense is left out and named, the others count. */
export function readState(params: URLSearchParams): ReadState {
  const dropped: string[] = [];
  const drop = (name: string, value: string): void => void dropped.push(`${name}=${value}`);
  const one = (name: string, schema: z.ZodMiniType<string>): string | null => {
    const value = params.get(name);
    if (value === null) return null;
    const parsed = schema.safeParse(value);
    if (!parsed.success) drop(name, value);
    return parsed.data ?? null;
  };
  const filters = readFilters(params, drop);
  const text = one('text', textSchema) ?? '';
  const range = readRange(params, drop);
  const zone = one('tz', zoneSchema);
  const selected = one('sel', selectedSchema);
  return { state: { filters, text, range, zone: isZone(zone) ? zone : null, selected }, dropped };
}

/** Search parameters for a state; the opposite of `readState`. */
export function printState(state: InvestigateState): URLSearchParams {
  const params = new URLSearchParams();
  for (const filter of state.filters) params.append('filter', printFilter(filter));
  if (state.text) params.set('text', state.text);
  printRange(params, state.range);
  if (state.zone) params.set('tz', state.zone);
  if (state.selected) params.set('sel', state.selected);
  return params;
}

const same = (a: EventFilter, b: EventFilter): boolean => a.field === b.field && a.value === b.value;

/** `filters` with one more; it takes the place of its own opposite. Beyond the server's limit it is not added. */
export function withFilter(filters: readonly EventFilter[], filter: EventFilter): readonly EventFilter[] {
  if (filters.some((known) => same(known, filter))) {
    return filters.map((known) => (same(known, filter) ? filter : known));
  }
  return filters.length < maxFilters ? [...filters, filter] : filters;
}

/** `filters` without this one. */
export const withoutFilter = (filters: readonly EventFilter[], filter: EventFilter): readonly EventFilter[] =>
  filters.filter((known) => !same(known, filter));
