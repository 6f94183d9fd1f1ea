import * as z from 'zod/mini';
import { createTokenSchema, type ApiToken } from '../../../shared/api/tokens.ts';
import { fail, ok } from '../../../shared/result.ts';
import type { NewToken } from '../../auth/api-tokens.ts';
import type { Identity } from '../../auth/auth.ts';
import { noteAct, witnessOf, type Asked } from '../note-act.ts';
import { route } from '../route.ts';
import type { Services } from '../services.ts';

const idSchema = z.string().check(z.maxLength(100));
const named = z.object({ name: idSchema });
const noSuchToken = () => fail('not-found', 'no such token');

/** Whether a user is one whose sessions and tokens that identity may see and end. */
async function isInReach(identity: Identity, name: string, services: Services): Promise<boolean> {
  const user = (await services.auth.listUsers()).find((each) => each.name === name);
  if (!user) return false;
  return identity.grants['sessions:manage'] === 'all' || user.agency === identity.agency;
}

async function revoke(asked: Asked, owner: string, id: string) {
  const witness = witnessOf<ApiToken>(asked, ({ name }) => ({
    action: 'token:revoked',
    target: `token ${name}`,
    detail: { id, owner },
  }));
  const token = await asked.services.auth.tokens.revoke(owner, id, witness);
  return token ? ok({ status: 204, body: undefined }) : noSuchToken();
}

/** API tokens: one's own, and for those who manage sessions the others' too. */
export const tokenRoutes = [
  route({
    method: 'POST',
    path: '/api/tokens',
    access: 'tokens:own',
    personal: 'none',
    body: createTokenSchema,
    async handle(asked) {
      const { identity, body, services } = asked;
      const { name, scopes, expiresInDays } = body;
      const act = { action: 'token:created', target: `token ${name}` } as const;
      const witness = witnessOf<NewToken>(asked, ({ token: { id } }) => ({
        ...act,
        detail: { id, scopes, expiresInDays },
      }));
      const created = await services.auth.tokens.create(identity, body, witness);
      if (created.ok) return ok({ status: 201, body: created.value });
      const detail = { scopes, expiresInDays, code: created.code };
      await noteAct(asked, { ...act, outcome: 'refused', detail });
      return created;
    },
  }),
  route({
    method: 'GET',
    path: '/api/tokens',
    access: 'tokens:own',
    personal: 'none',
    handle: async ({ identity, services }) =>
      ok({ body: { tokens: await services.auth.tokens.list(identity.name) } }),
  }),
  route({
    method: 'DELETE',
    path: '/api/tokens/:id',
    access: 'tokens:own',
    personal: 'none',
    params: z.object({ id: idSchema }),
    handle: (asked) => revoke(asked, asked.identity.name, asked.params.id),
  }),
  route({
    method: 'GET',
    path: '/api/users/:name/tokens',
    access: 'sessions:manage',
    personal: 'none',
    params: named,
    async handle({ identity, params, services }) {
      if (!(await isInReach(identity, params.name, services))) return fail('not-found', 'no such user');
      return ok({ body: { tokens: await services.auth.tokens.list(params.name) } });
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/users/:name/tokens/:id',
    access: 'sessions:manage',
    personal: 'none',
    params: z.object({ name: idSchema, id: idSchema }),
    async handle(asked) {
      const { identity, params, services } = asked;
      if (!(await isInReach(identity, params.name, services))) return noSuchToken();
      return revoke(asked, params.name, params.id);
    },
  }),
];
