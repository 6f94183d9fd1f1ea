import * as z from 'zod/mini';
import type { Alert, AlertChange } from '../../../shared/alert.ts';
import { closeAlertSchema } from '../../../shared/api/schemas.ts';
import type { AuditAction } from '../../../shared/audit-actions.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { StepWitness } from '../../alerts/alert-book.ts';
import type { ListedStatus } from '../../alerts/alert-list.ts';
import type { StepCode } from '../../alerts/lifecycle.ts';
import { actorOf } from '../../audit/actor.ts';
import type { Identity } from '../../auth/auth.ts';
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

type Act = Pick<Parameters<ReturnType<typeof route>['run']>[0], 'address' | 'services'> & {
  readonly identity: Identity;
};

/** Notes the step in the transaction that takes it: no step is taken of which the audit log doesn't know. */
const witnessOf =
  ({ identity, address, services }: Act, action: AuditAction): StepWitness =>
  (transaction, { alert }, before) =>
    services.audit.noteWithin(transaction, {
      ...actorOf(identity, address),
      action,
      target: `alert ${alert.id}`,
      detail: {
        rule: alert.rule.id,
        before: { status: before },
        after: {
          status: alert.status,
          ...(alert.closed && { verdict: alert.closed.verdict, reason: alert.closed.reason }),
        },
      },
    });

/** Answers what came of a step; one that was not to be taken is noted too. */
function answerStep(
  result: Result<AlertChange, StepCode>,
  { identity, address, services }: Act,
  target: { readonly id: string; readonly action: AuditAction },
): Outcome<{ alert: Alert }> {
  if (result.ok) return told(result);
  services.trail.notes.note({
    ...actorOf(identity, address),
    action: target.action,
    outcome: 'refused',
    target: `alert ${target.id}`,
    detail: { code: result.code },
  });
  return told(result);
}

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
    handle: async ({ params, ...act }) =>
      answerStep(
        await act.services.alerts.acknowledge(
          params.id,
          act.identity.name,
          witnessOf(act, 'alert:acknowledged'),
        ),
        act,
        {
          id: params.id,
          action: 'alert:acknowledged',
        },
      ),
    personal: ({ alert }, view) => ({ alert: view.alert(alert) }),
  }),
  route({
    method: 'POST',
    path: '/api/alerts/:id/close',
    access: 'alerts:act',
    params: identified,
    body: closeAlertSchema,
    handle: async ({ params, body, ...act }) =>
      answerStep(
        await act.services.alerts.close(params.id, act.identity.name, body, witnessOf(act, 'alert:closed')),
        act,
        {
          id: params.id,
          action: 'alert:closed',
        },
      ),
    personal: ({ alert }, view) => ({ alert: view.alert(alert) }),
  }),
  route({
    method: 'POST',
    path: '/api/alerts/:id/reopen',
    access: 'alerts:act',
    params: identified,
    handle: async ({ params, ...act }) =>
      answerStep(
        await act.services.alerts.reopen(params.id, act.identity.name, witnessOf(act, 'alert:reopened')),
        act,
        {
          id: params.id,
          action: 'alert:reopened',
        },
      ),
    personal: ({ alert }, view) => ({ alert: view.alert(alert) }),
  }),
];
