import { fail, ok } from '../../../shared/result.ts';
import { route } from '../route.ts';

/** For those who watch the process: alive, and ready to serve. They tell nothing else. */
export const healthRoutes = [
  route({
    method: 'GET',
    path: '/healthz',
    access: 'public',
    personal: 'none',
    handle: () => ok({ body: { status: 'ok' } }),
  }),
  route({
    method: 'GET',
    path: '/readyz',
    access: 'public',
    personal: 'none',
    handle: ({ services }) =>
      services.ready() ? ok({ body: { status: 'ready' } }) : fail('not-ready', 'not ready'),
  }),
];
