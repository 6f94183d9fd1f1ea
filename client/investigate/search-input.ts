import { fieldNames, type FieldName } from '../../shared/event/fields.ts';
import { isPseudonym } from '../../shared/event/personal-fields.ts';
import { parseFilter, type EventFilter } from '../../shared/query/event-query.ts';

/** What a typed search comes to. */
export type TypedSearch =
  | { readonly kind: 'filter'; readonly filter: EventFilter }
  | { readonly kind: 'text'; readonly text: string };

/** Reads `field:value` and `!field:value` as a filter, a pseudonym as one for its address or account, and anything else as text to find in the raw line; `field:` asks for events without the field. */
export function readTyped(typed: string): TypedSearch {
  const text = typed.trim();
  if (isPseudonym(text)) {
    const field = text.startsWith('ip-') ? 'source.ip' : 'user.name';
    return { kind: 'filter', filter: { field, value: text, exclude: false } };
  }
  const filter = parseFilter(text);
  return filter ? { kind: 'filter', filter } : { kind: 'text', text };
}

export const maxSuggestions = 8;

/** Fields whose name holds what was typed, those that begin with it first; none once a value follows. */
export function suggestFields(typed: string): readonly FieldName[] {
  const text = typed.trimStart().replace(/^!/, '').toLowerCase();
  if (text === '' || /[\s:]/.test(text)) return [];
  const rank = (name: string): number => {
    const at = name.toLowerCase().indexOf(text);
    if (at === 0) return 0;
    return name[at - 1] === '.' || name[at - 1] === '_' ? 1 : 2;
  };
  return fieldNames
    .filter((name) => name !== 'event.original' && name.toLowerCase().includes(text))
    .map((name) => ({ name, rank: rank(name) }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, maxSuggestions)
    .map(({ name }) => name);
}

/** What stands in the box after a suggested field was taken: `!source.` becomes `!source.ip:`. */
export const takeSuggestion = (typed: string, field: FieldName): string =>
  `${typed.trimStart().startsWith('!') ? '!' : ''}${field}:`;
