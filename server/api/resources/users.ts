import * as z from 'zod/mini';
import { createUserSchema, updateUserSchema } from '../../../shared/api/schemas.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { ChangedUser, UserCode } from '../../auth/user-desk.ts';
import { differencesOf } from '../../auth/user-differences.ts';
import type { ErrorCode } from '../error-codes.ts';
import { noteAct } from '../note-act.ts';
import { route } from '../route.ts';

const named = z.object({ name: z.string().check(z.maxLength(100)) });

type Asked = Parameters<typeof noteAct>[0];

/** Tells log and audit log of a change of a user, done or refused. */
async function noted<T, C extends ErrorCode>(
  asked: Asked,
  { action, name }: { readonly action: string; readonly name: string },
  { result, detail }: { result: Result<T, C>; detail?: (value: T) => Record<string, unknown> },
): Promise<Result<T, C>> {
  const { identity, address, services } = asked;
  const target = `user ${name}`;
  if (result.ok) {
    services.log({ level: 'info', event: action, user: identity.name, address, detail: name });
    await noteAct(asked, { action, target, detail: detail?.(result.value) ?? {} });
  } else await noteAct(asked, { action, target, outcome: 'refused', detail: { code: result.code } });
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
      const { name } = asked.body;
      const created = await asked.services.auth.createUser(asked.body);
      const detail = ({ user: { role, agency } }: { user: { role: string; agency: string } }) => ({
        after: { role, agency },
      });
      const result = await noted(asked, { action: 'user:created', name }, { result: created, detail });
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
      const updated = await asked.services.auth.updateUser(name, asked.body);
      const what = { action: 'user:updated', name };
      const result = await noted(asked, what, { result: updated, detail: differencesOf });
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
      const reset = await asked.services.auth.resetPassword(name);
      const result = await noted(asked, { action: 'password:reset', name }, { result: reset });
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
      // One's own takes password and code, so that a stolen session can't take it away.
      const reset: Result<ChangedUser, UserCode | 'forbidden'> =
        name === asked.identity.name
          ? fail('forbidden', 'remove your own second factor at your account')
          : await asked.services.auth.resetFactor(name);
      const what = { action: 'factor:reset', name };
      const result = await noted(asked, what, { result: reset, detail: differencesOf });
      return result.ok ? ok({ body: { user: result.value.user } }) : result;
    },
  }),
];
