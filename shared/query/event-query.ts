import * as z from 'zod/mini';
import { eventFields, isFieldName, type FieldName } from '../event/fields.ts';

/** One condition on one field. `exclude` keeps the events that do not have the value. An empty value means: the field is absent. */
export interface EventFilter {
  readonly field: FieldName;
  readonly value: string;
  readonly exclude: boolean;
}

/** Which stored events: `from` inclusive, `to` exclusive, epoch ms of `@timestamp`; `text` is a substring of the raw line, case ignored. */
export interface EventQuery {
  readonly from: number;
  readonly to: number;
  readonly filters: readonly EventFilter[];
  readonly text: string;
}

export const maxFilters = 20;
export const maxFilterLength = 2_000;
export const maxQueryDays = 400;
/** Events of one export at most. */
export const maxExported = 50_000;

/** Writes a filter as it stands in an address: `source.ip:203.0.113.9`, `!user.name:budi`. */
export const printFilter = (filter: EventFilter): string =>
  `${filter.exclude ? '!' : ''}${filter.field}:${filter.value}`;

/** The opposite of `printFilter`; `null` when it names no field or compares a number field with text. */
export function parseFilter(text: string): EventFilter | null {
  if (text.length > maxFilterLength) return null;
  const exclude = text.startsWith('!');
  const body = exclude ? text.slice(1) : text;
  const colon = body.indexOf(':');
  const field = body.slice(0, colon);
  const value = body.slice(colon + 1);
  if (colon < 1 || !isFieldName(field)) return null;
  const { type } = eventFields[field];
  if ((type === 'number' || type === 'time') && value !== '' && !Number.isFinite(Number(value))) return null;
  return { field, value, exclude };
}

const filterSchema = z.pipe(
  z.string().check(z.maxLength(maxFilterLength)),
  z.transform((text: string, context): EventFilter => {
    const filter = parseFilter(text);
    if (filter) return filter;
    context.issues.push({
      code: 'custom',
      message: 'expected "field:value" or "!field:value" with a known field',
      input: text,
    });
    return z.NEVER;
  }),
);

/** Search parameters of `/api/events…` and of the investigate screen: `from`, `to`, `filter` (repeated), `text`. */
export const eventQuerySchema = z
  .object({
    from: z.coerce.number().check(z.int(), z.minimum(0)),
    to: z.coerce.number().check(z.int(), z.minimum(0)),
    filter: z._default(z.array(filterSchema).check(z.maxLength(maxFilters)), []),
    text: z._default(z.string().check(z.maxLength(500)), ''),
  })
  .check(
    z.refine(({ from, to }) => from < to, { error: 'expected "from" before "to"' }),
    z.refine(({ from, to }) => to - from <= maxQueryDays * 86_400_000, {
      error: `expected a range of at most ${maxQueryDays} days`,
    }),
  );

/** Search parameters for a query; the opposite of reading them through `eventQuerySchema`. */
export function printQuery(query: EventQuery): URLSearchParams {
  const params = new URLSearchParams({ from: String(query.from), to: String(query.to) });
  for (const filter of query.filters) params.append('filter', printFilter(filter));
  if (query.text) params.set('text', query.text);
  return params;
}
