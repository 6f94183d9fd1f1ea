import * as z from 'zod/mini';
import type { Alert, AlertChange } from '../../../shared/alert.ts';
import { closeAlertSchema } from '../../../shared/api/schemas.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { ListedStatus } from '../../alerts/alert-list.ts';
import type { StepCode } from '../../alerts/lifecycle.ts';
import { querySchema } from '../query-schema.ts';
import { route, type Outcome } from '../route.ts';

/** Alerts in one answer. */
export const maxAlertLimit = 500;

const identified = z.object({ id: z.string().check(z.maxLength(100)) });

const statuses = ['open', 'closed', 'all'] as const satisfies readonly ListedStatus[];

const listQuery = querySchema({
  status: z._default(z.enum(statuses), 'open'),
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(maxAlertLimit)), 100),
});

const told = (result: Result<AlertChange, StepCode>): Outcome<{ alert: Alert }> =>
  result.ok ? ok({ body: { alert: result.value.alert } }) : result;

/** Alerts: all may read, analysts take the steps. */
export const alertRoutes = [
  route({
    method: 'GET',
    path: '/api/alerts',
    access: 'alerts:read',
    query: listQuery,
    handle: async ({ query, services }) => ok({ body: await services.alerts.list(query) }),
    personal: (body, view) => view.alerts(body),
  }),
  route({
    method: 'GET',
    path: '/api/alerts/:id',
    access: 'alerts:read',
    params: identified,
    async handle({ params, services }) {
      const detail = await services.alerts.detail(params.id);
      return detail ? ok({ body: detail }) : fail('not-found', 'no such alert');
    },
    personal: (body, view) => view.alertDetail(body),
  }),
  route({
    method: 'POST',
    path: '/api/alerts/:id/acknowledge',
    access: 'alerts:act',
    params: identified,
    handle: async ({ params, identity, services }) =>
      told(await services.alerts.acknowledge(params.id, identity.name)),
    personal: ({ alert }, view) => ({ alert: view.alert(alert) }),
  }),
  route({
    method: 'POST',
    path: '/api/alerts/:id/close',
    access: 'alerts:act',
    params: identified,
    body: closeAlertSchema,
    handle: async ({ params, body, identity, services }) =>
      told(await services.alerts.close(params.id, identity.name, body)),
    personal: ({ alert }, view) => ({ alert: view.alert(alert) }),
  }),
  route({
    method: 'POST',
    path: '/api/alerts/:id/reopen',
    access: 'alerts:act',
    params: identified,
    handle: async ({ params, identity, services }) =>
      told(await services.alerts.reopen(params.id, identity.name)),
    personal: ({ alert }, view) => ({ alert: view.alert(alert) }),
  }),
];
