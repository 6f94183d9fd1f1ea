import { changePasswordSchema, signInSchema } from '../../../shared/api/schemas.ts';
import { ok } from '../../../shared/result.ts';
import { route } from '../route.ts';

/** Signing in and out, and one's own password. */
export const sessionRoutes = [
  route({
    method: 'POST',
    path: '/api/session',
    access: 'public',
    personal: 'none',
    body: signInSchema,
    async handle({ body, address, userAgent, cookieHeader, services }) {
      const result = await services.auth.signIn({ ...body, address, userAgent, cookieHeader });
      const event = result.ok ? 'session:begun' : 'session:refused';
      const level = result.ok ? 'info' : 'warn';
      const detail = result.ok ? undefined : result.code;
      services.log({ level, event, user: body.name, address, detail });
      return result.ok ? ok({ body: result.value.session, cookie: result.value.cookie }) : result;
    },
  }),
  route({
    method: 'GET',
    path: '/api/session',
    access: 'session',
    personal: 'none',
    handle: ({ identity, services }) => ok({ body: services.auth.sessionOf(identity) }),
  }),
  route({
    method: 'DELETE',
    path: '/api/session',
    access: 'session',
    personal: 'none',
    async handle({ identity, address, services }) {
      const cookie = await services.auth.signOut(identity);
      services.log({ level: 'info', event: 'session:ended', user: identity.name, address });
      return ok({ status: 204, body: undefined, cookie });
    },
  }),
  route({
    method: 'POST',
    path: '/api/session/password',
    access: 'session',
    personal: 'none',
    body: changePasswordSchema,
    async handle({ identity, body, address, userAgent, services }) {
      const result = await services.auth.changePassword(identity, body, { address, userAgent });
      services.log({
        level: result.ok ? 'info' : 'warn',
        event: result.ok ? 'password:changed' : 'password:refused',
        user: identity.name,
        address,
        detail: result.ok ? undefined : result.code,
      });
      return result.ok ? ok({ body: result.value.session, cookie: result.value.cookie }) : result;
    },
  }),
];
