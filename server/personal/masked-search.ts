import type { FieldName } from '../../shared/event/fields.ts';
import { isPseudonym, personalFields, withheldText } from '../../shared/event/personal-fields.ts';
import type { EventFilter } from '../../shared/query/event-query.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { EventStore, StoreFilter, StoreQuery } from '../store/events/event-store.ts';
import { isFreeOfPersonal } from './mask-text.ts';
import { maskValue } from './masked-event.ts';
import type { Pseudonyms } from './pseudonyms.ts';

/** Distinct values of a field, in the range of a search, among which a pseudonym is looked for; with more the search is refused. */
export const maxCandidates = 50_000;
/** Pseudonyms made in one go before other work has its turn: some five milliseconds. */
const candidatesAtOnce = 1_000;

export type SearchRefusal = 'personal-data' | 'too-large';
export type Search = Pick<EventStore, 'top'>;

/** In a value that was shown with something left out; the store has no such value. */
const marks = /\[(?:withheld|ip|e-mail)\]|…|\b(?:ip|acct)-[0-9a-z]{12}\b/;

/**
 * A search of somebody without `personal:read`, such that no answer tells whether a given address, name or line was stored: a
 * personal field is compared with pseudonyms only, a text with what it shows, and raw lines are not searched.
 */
export async function maskedSearch(
  query: StoreQuery,
  names: Pseudonyms,
  events: Search,
): Promise<Result<StoreQuery, SearchRefusal>> {
  if (query.text !== '') {
    return fail(
      'personal-data',
      'raw lines hold personal data: to search them takes the permission personal:read',
    );
  }
  const filters: StoreFilter[] = [];
  for (const filter of query.filters) {
    const taken = await takeFilter(filter, query, { names, events });
    if (!taken.ok) return taken;
    filters.push(taken.value);
  }
  return ok({ ...query, filters, masked: true });
}

/** Whether the values of a field can be listed for somebody without `personal:read`. */
export function maskedField(field: FieldName): Result<FieldName, 'personal-data'> {
  const kind = personalFields[field];
  return kind === 'line' || kind === 'withheld'
    ? fail('personal-data', `${field} holds personal data: to list it takes the permission personal:read`)
    : ok(field);
}

interface Desk {
  readonly names: Pseudonyms;
  readonly events: Search;
}

async function takeFilter(
  filter: EventFilter,
  query: StoreQuery,
  desk: Desk,
): Promise<Result<StoreFilter, SearchRefusal>> {
  const { field, value } = filter;
  const kind = personalFields[field];
  if (kind === 'plain' || value === '') return ok(filter);
  const refused = fail(
    'personal-data',
    `${field} is personal data: without personal:read it is searched by pseudonym`,
  );
  if (kind === 'line' || kind === 'withheld') return refused;
  if (kind === 'text' || kind === 'word') return isShownWhole(value) ? ok(filter) : refused;
  if (!isPseudonym(value)) return refused;
  const found = await valuesBehind(filter, query, desk);
  return found.ok ? ok({ ...filter, anyOf: found.value }) : found;
}

const isShownWhole = (value: string): boolean =>
  !marks.test(value) && value !== withheldText && !value.includes('?') && isFreeOfPersonal(value);

/** The stored spellings that have that pseudonym; none when nothing in the range has it. */
async function valuesBehind(
  { field, value: pseudonym }: EventFilter,
  { from, to }: StoreQuery,
  { names, events }: Desk,
): Promise<Result<string[], SearchRefusal>> {
  const known = names.known(pseudonym);
  if (known !== null && !known.includes(':')) return ok([known, `::ffff:${known}`, `::FFFF:${known}`]);
  const range: StoreQuery = { from, to, filters: [], text: '' };
  const { values } = await events.top(range, field, maxCandidates + 1);
  if (values.length > maxCandidates) {
    return fail(
      'too-large',
      `more than ${maxCandidates} values of ${field} in this range, too many to find a pseudonym among: narrow the range`,
    );
  }
  const found: string[] = [];
  for (const [index, { value }] of values.entries()) {
    if (maskValue(field, value, names) === pseudonym) found.push(value);
    if (index % candidatesAtOnce === candidatesAtOnce - 1)
      await new Promise((resolve) => void setImmediate(resolve));
  }
  return ok(found);
}
