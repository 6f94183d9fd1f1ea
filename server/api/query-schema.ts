import * as z from 'zod/mini';
import type { QuerySchema } from './route.ts';

/** A query's schema of these parameters. */
export function querySchema<S extends Record<string, z.ZodMiniType>>(
  shape: S,
): QuerySchema<z.output<z.ZodMiniObject<S>>> {
  return { schema: z.object(shape), names: Object.keys(shape) };
}

/** A query that must satisfy both, checks across parameters included. */
export function bothQueries<A, B>(a: QuerySchema<A>, b: QuerySchema<B>): QuerySchema<A & B> {
  return { schema: z.intersection(a.schema, b.schema), names: [...a.names, ...b.names] };
}
