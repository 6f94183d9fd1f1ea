import * as z from 'zod/mini';
import { maxLedgerBucket } from '../../../shared/api/ledger.ts';
import { ok } from '../../../shared/result.ts';
import { querySchema } from '../query-schema.ts';
import { route } from '../route.ts';

/** Longest range of one answer, ms. */
export const maxLedgerRangeMs = 400 * 86_400_000;
const dayMs = 86_400_000;

const time = z.coerce.number().check(z.int(), z.minimum(0));
const { schema, names } = querySchema({
  /** Epoch ms; the last 24 hours unless given. */
  from: z.optional(time),
  to: z.optional(time),
  /** Of one source only; any id, also one that is configured no more. */
  source: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
  /** Length of a column, whole minutes. */
  bucket: z.optional(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(maxLedgerBucket))),
});
const query = {
  names,
  schema: schema.check(
    z.refine(
      ({ from, to }) =>
        from === undefined || to === undefined || (from < to && to - from <= maxLedgerRangeMs),
      { error: 'expected from before to, at most 400 days apart' },
    ),
  ),
};

/** What came in by each source, and whether books and event store agree. */
export const ledgerRoutes = [
  route({
    method: 'GET',
    path: '/api/ledger',
    access: 'ledger:read',
    heavy: true,
    query,
    async handle({ query: asked, services }) {
      const to = asked.to ?? services.now();
      const { from = Math.max(0, to - dayMs), source, bucket } = asked;
      return ok({ body: await services.ledger({ from, to, source, bucket }) });
    },
    personal: (body, view) => view.ledger(body),
  }),
];
