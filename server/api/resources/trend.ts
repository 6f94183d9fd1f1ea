import { ok } from '../../../shared/result.ts';
import { route } from '../route.ts';

/** Length of one column of the trend. */
export const trendBucketMs = 5 * 60_000;
/** Length of the trend. */
export const trendMs = 24 * 3_600_000;

/** Logins of the last 24 hours; the last column is the running one. */
export const trendRoutes = [
  route({
    method: 'GET',
    path: '/api/trend',
    access: 'viewer',
    heavy: true,
    async handle({ services }) {
      const to = (Math.floor(services.now() / trendBucketMs) + 1) * trendBucketMs;
      return ok({ body: await services.events.loginSeries(to - trendMs, to, trendBucketMs) });
    },
  }),
];
