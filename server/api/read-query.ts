import { fail, ok, type Result } from '../../shared/result.ts';
import type { QueryValues } from './route.ts';

/** Parameters of one query, repeated ones counted. */
export const maxQueryParameters = 40;

const repeatable = 'filter';

/**
 * Reads the query of a request target: flat names, each once, but `filter`, which may repeat and is a list. Refused are
 * names that the route doesn't know (a misspelt filter must not widen a search), repeats, `a[b]` and too many of them.
 */
export function readQuery(target: string, names: ReadonlySet<string>): Result<QueryValues, 'invalid'> {
  const start = target.indexOf('?');
  if (start < 0) return ok({});
  const text = target.slice(start + 1);
  if (text.split('&', maxQueryParameters + 1).length > maxQueryParameters) {
    return fail('invalid', `query: at most ${maxQueryParameters} parameters`);
  }
  const values = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (!names.has(name))
      return fail('invalid', `query: unknown parameter ${JSON.stringify(name.slice(0, 50))}`);
    const known = values.get(name);
    if (name === repeatable) values.set(name, Array.isArray(known) ? [...known, value] : [value]);
    else if (known !== undefined) return fail('invalid', `query.${name}: given more than once`);
    else values.set(name, value);
  }
  return ok(Object.fromEntries(values));
}
