import * as z from 'zod/mini';
import { createUserSchema, updateUserSchema } from '../../../shared/api/schemas.ts';
import { ok } from '../../../shared/result.ts';
import { route } from '../route.ts';

const named = z.object({ name: z.string().check(z.maxLength(100)) });

/** Users, for admins. */
export const userRoutes = [
  route({
    method: 'GET',
    path: '/api/users',
    access: 'users:read',
    personal: 'none',
    async handle({ identity, services }) {
      const users = await services.auth.listUsers();
      const all = identity.grants['users:read'] === 'all';
      return ok({ body: { users: all ? users : users.filter(({ agency }) => agency === identity.agency) } });
    },
  }),
  route({
    method: 'POST',
    path: '/api/users',
    access: 'users:manage',
    personal: 'none',
    body: createUserSchema,
    async handle({ body, identity, services }) {
      const result = await services.auth.createUser(body);
      if (!result.ok) return result;
      services.log({ level: 'info', event: 'user:created', user: identity.name, detail: body.name });
      return ok({ status: 201, body: result.value });
    },
  }),
  route({
    method: 'PATCH',
    path: '/api/users/:name',
    access: 'users:manage',
    personal: 'none',
    params: named,
    body: updateUserSchema,
    async handle({ params, body, identity, services }) {
      const result = await services.auth.updateUser(params.name, body);
      if (!result.ok) return result;
      services.log({ level: 'info', event: 'user:updated', user: identity.name, detail: params.name });
      return ok({ body: { user: result.value } });
    },
  }),
  route({
    method: 'POST',
    path: '/api/users/:name/password',
    access: 'users:manage',
    personal: 'none',
    params: named,
    async handle({ params, identity, services }) {
      const result = await services.auth.resetPassword(params.name);
      if (!result.ok) return result;
      services.log({ level: 'info', event: 'password:reset', user: identity.name, detail: params.name });
      return ok({ body: result.value });
    },
  }),
];
