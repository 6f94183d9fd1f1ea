import * as z from 'zod/mini';
import { createUserSchema, updateUserSchema } from '../../../shared/api/schemas.ts';
import type { AuditAction } from '../../../shared/audit-actions.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { ChangedUser, OneTime, UserCode } from '../../auth/user-desk.ts';
import { differencesOf } from '../../auth/user-differences.ts';
import type { AuditDetail } from '../../audit/audit-log.ts';
import type { Witness } from '../../store/state/change.ts';
import type { ErrorCode } from '../error-codes.ts';
import { noteAct, witnessOf, type Asked } from '../note-act.ts';
import { route } from '../route.ts';

const named = z.object({ name: z.string().check(z.maxLength(100)) });

interface Change<T> {
  readonly action: AuditAction;
  readonly name: string;
  /** What the audit log is told beside. */
  readonly detail?: (done: T) => AuditDetail;
}

/** Makes a change of a user, noted with it, and tells the log of it; one that is refused is noted too. */
async function changed<T, C extends ErrorCode>(
  asked: Asked,
  { action, name, detail }: Change<T>,
  make: (witness: Witness<T>) => Promise<Result<T, C>>,
): Promise<Result<T, C>> {
  const { identity, address, services } = asked;
  const target = `user ${name}`;
  const result = await make(witnessOf(asked, (done) => ({ action, target, detail: detail?.(done) ?? {} })));
  if (result.ok) services.log({ level: 'info', event: action, user: identity.name, address, detail: name });
  else await noteAct(asked, { action, target, outcome: 'refused', detail: { code: result.code } });
  return result;
}

/** Users, for admins; those of the own agency, for who may read them. */
export const userRoutes = [
  route({
    method: 'GET',
    path: '/api/users',
    access: 'users:read',
    personal: 'none',
    async handle({ identity, services }) {
      const users = await services.auth.listUsers();
      const all = identity.grants['users:read'] === 'all';
      const own = ({ agency }: { readonly agency: string }) => all || agency === identity.agency;
      const agencies = services.auth.agencies.map(({ id, name }) => ({ id, name }));
      return ok({ body: { users: users.filter(own), agencies } });
    },
  }),
  route({
    method: 'POST',
    path: '/api/users',
    access: 'users:manage',
    personal: 'none',
    body: createUserSchema,
    async handle(asked) {
      const { body, services } = asked;
      const detail = ({ user: { role, agency } }: OneTime) => ({ after: { role, agency } });
      const result = await changed(asked, { action: 'user:created', name: body.name, detail }, (witness) =>
        services.auth.createUser(body, witness),
      );
      return result.ok ? ok({ status: 201, body: result.value }) : result;
    },
  }),
  route({
    method: 'PATCH',
    path: '/api/users/:name',
    access: 'users:manage',
    personal: 'none',
    params: named,
    body: updateUserSchema,
    async handle(asked) {
      const { name } = asked.params;
      const what = { action: 'user:updated', name, detail: differencesOf } as const;
      const result = await changed(asked, what, (witness) =>
        asked.services.auth.updateUser(name, asked.body, witness),
      );
      return result.ok ? ok({ body: { user: result.value.user } }) : result;
    },
  }),
  route({
    method: 'POST',
    path: '/api/users/:name/password',
    access: 'users:manage',
    personal: 'none',
    params: named,
    async handle(asked) {
      const { name } = asked.params;
      const result = await changed(asked, { action: 'password:reset', name }, (witness) =>
        asked.services.auth.resetPassword(name, witness),
      );
      return result.ok ? ok({ body: result.value }) : result;
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/users/:name/second-factor',
    access: 'users:manage',
    personal: 'none',
    params: named,
    async handle(asked) {
      const { name } = asked.params;
      const what = { action: 'factor:reset', name, detail: differencesOf } as const;
      const result = await changed<ChangedUser, UserCode | 'forbidden'>(asked, what, async (witness) =>
        // One's own takes password and code, so that a stolen session can't take it away.
        name === asked.identity.name
          ? fail('forbidden', 'remove your own second factor at your account')
          : asked.services.auth.resetFactor(name, witness),
      );
      return result.ok ? ok({ body: { user: result.value.user } }) : result;
    },
  }),
];
