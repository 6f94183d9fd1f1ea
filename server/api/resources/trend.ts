import * as z from 'zod/mini';
import { ok } from '../../../shared/result.ts';
import { querySchema } from '../query-schema.ts';
import { route } from '../route.ts';

/** Columns of one answer at most. */
export const maxTrendColumns = 1_000;

const span = (least: number, most: number, usual: number) =>
  z._default(z.coerce.number().check(z.int(), z.minimum(least), z.maximum(most)), usual);

const { schema, names } = querySchema({
  /** How far back, minutes. */
  minutes: span(15, 1_440, 1_440),
  /** Width of a column, seconds. */
  bucket: span(10, 3_600, 300),
});
const query = {
  names,
  schema: schema.check(
    z.refine(({ minutes, bucket }) => (minutes * 60) / bucket <= maxTrendColumns, {
      error: `expected at most ${maxTrendColumns} columns: fewer minutes or a wider bucket`,
    }),
  ),
};

/** Logins of the last hours, 24 by five minutes unless asked otherwise; the last column is the running one. */
export const trendRoutes = [
  route({
    method: 'GET',
    path: '/api/trend',
    access: 'live:read',
    heavy: true,
    query,
    async handle({ query: { minutes, bucket }, services }) {
      const bucketMs = bucket * 1_000;
      const to = (Math.floor(services.now() / bucketMs) + 1) * bucketMs;
      const from = to - Math.ceil((minutes * 60_000) / bucketMs) * bucketMs;
      return ok({ body: await services.events.loginSeries(from, to, bucketMs) });
    },
    personal: (body, view) => view.series(body),
  }),
];
