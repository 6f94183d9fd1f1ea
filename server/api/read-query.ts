import { fail, ok, type Result } from '../../shared/result.ts';
import type { Edge } from '../edge/edge.ts';
import type { QueryValues } from './route.ts';

const repeatable = 'filter';

/**
 * Reads the query of a request target: flat names, each once, but `filter`, which may repeat and is a list. Refused are
 * names that the route doesn't know (a misspelt filter must not widen a search), repeats, `a[b]` and too many of them.
 */
export function readQuery(
  target: string,
  names: ReadonlySet<string>,
  { limits, reached }: Pick<Edge, 'limits' | 'reached'>,
): Result<QueryValues, 'invalid'> {
  const start = target.indexOf('?');
  if (start < 0) return ok({});
  const text = target.slice(start + 1);
  if (text.length > limits.queryLength) {
    reached('queryLength');
    return fail('invalid', `query: at most ${limits.queryLength} characters`);
  }
  const most = limits.queryParameters;
  if (text.split('&', most + 1).length > most) {
    reached('queryParameters');
    return fail('invalid', `query: at most ${most} parameters`);
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
