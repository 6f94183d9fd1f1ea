import * as z from 'zod/mini';
import { sessionIdSchema } from '../../../shared/api/sessions.ts';
import { fail, ok } from '../../../shared/result.ts';
import type { Identity } from '../../auth/auth.ts';
import { publicIdOf } from '../../auth/session-desk.ts';
import { witnessOf, type Asked } from '../note-act.ts';
import { route } from '../route.ts';
import type { Services } from '../services.ts';

const identified = z.object({ id: sessionIdSchema });
const named = z.object({ name: z.string().check(z.maxLength(100)) });
const noSession = () => fail('not-found', 'no such session');

/** Whether that user's sessions are the caller's to manage; those of another agency are as unknown as those of nobody. */
async function isManaged({ auth }: Services, identity: Identity, name: string): Promise<boolean> {
  const user = await auth.findUser(name);
  if (user === null) return false;
  return identity.grants['sessions:manage'] === 'all' || user.agency === identity.agency;
}

const noUser = () => fail('not-found', 'no such user');

const oneEnded = (asked: Asked, target: string, session?: string) =>
  witnessOf<void>(asked, () => ({
    action: 'session:ended',
    target,
    ...(session !== undefined && { detail: { session } }),
  }));

const allEnded = (asked: Asked, name: string) =>
  witnessOf<number>(asked, (ended) => ({
    action: 'sessions:ended',
    target: `user ${name}`,
    detail: { ended },
  }));

const ownSessionRoutes = [
  route({
    method: 'GET',
    path: '/api/session/list',
    access: 'session',
    personal: 'none',
    handle: ({ identity, services }) =>
      ok({ body: { sessions: services.auth.sessionsOf(identity.name, identity) } }),
  }),
  route({
    method: 'DELETE',
    path: '/api/session/list/:id',
    access: 'session',
    personal: 'none',
    params: identified,
    async handle(asked) {
      const { identity, params, services } = asked;
      const witness = oneEnded(asked, `session ${params.id}`);
      if (!(await services.auth.endSession(identity.name, params.id, witness))) return noSession();
      const isOwn = publicIdOf(identity.sessionKey) === params.id;
      return ok({ status: 204, body: undefined, ...(isOwn && { cookie: services.auth.endedCookie() }) });
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/session/others',
    access: 'session',
    personal: 'none',
    async handle(asked) {
      const { identity, services } = asked;
      const { name, sessionKey: key } = identity;
      const ended = await services.auth.endSessions(name, { key }, allEnded(asked, name));
      return ok({ body: { ended } });
    },
  }),
];

const managedSessionRoutes = [
  route({
    method: 'GET',
    path: '/api/users/:name/sessions',
    access: 'sessions:manage',
    personal: 'none',
    params: named,
    async handle({ identity, params, services }) {
      if (!(await isManaged(services, identity, params.name))) return noUser();
      return ok({ body: { sessions: services.auth.sessionsOf(params.name, identity) } });
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/users/:name/sessions',
    access: 'sessions:manage',
    personal: 'none',
    params: named,
    async handle(asked) {
      const { identity, params, services } = asked;
      if (!(await isManaged(services, identity, params.name))) return noUser();
      const ended = await services.auth.endSessions(params.name, { key: null }, allEnded(asked, params.name));
      return ok({ body: { ended } });
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/users/:name/sessions/:id',
    access: 'sessions:manage',
    personal: 'none',
    params: z.extend(identified, named.shape),
    async handle(asked) {
      const { identity, params, services } = asked;
      if (!(await isManaged(services, identity, params.name))) return noUser();
      const witness = oneEnded(asked, `user ${params.name}`, params.id);
      if (!(await services.auth.endSession(params.name, params.id, witness))) return noSession();
      return ok({ status: 204, body: undefined });
    },
  }),
];

/** Sessions: one's own, and those of others for who manages them. */
export const sessionListRoutes = [...ownSessionRoutes, ...managedSessionRoutes];
