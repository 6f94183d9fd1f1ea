import * as z from 'zod/mini';
import { changeWallSchema, createWallSchema, openWallSchema } from '../../../shared/api/tokens.ts';
import { fail, ok } from '../../../shared/result.ts';
import type { Identity } from '../../auth/auth.ts';
import { wallDifferences } from '../../auth/wall-changes.ts';
import { noteAct } from '../note-act.ts';
import { route } from '../route.ts';

/** The agency whose walls that identity manages; `null` for all. */
const reachOf = ({ grants, agency }: Identity): string | null =>
  grants['walls:manage'] === 'all' ? null : agency;

const identified = z.object({ id: z.string().check(z.maxLength(100)) });

/** Walls, for those who put them up. */
const deskRoutes = [
  route({
    method: 'GET',
    path: '/api/walls',
    access: 'walls:manage',
    personal: 'none',
    handle: async ({ identity, services }) =>
      ok({ body: { walls: await services.auth.walls.list(reachOf(identity)) } }),
  }),
  route({
    method: 'POST',
    path: '/api/walls',
    access: 'walls:manage',
    personal: 'none',
    body: createWallSchema,
    async handle({ identity, body, address, services }) {
      const created = await services.auth.walls.create(identity, body);
      const { name, ...detail } = body;
      await services.audit.note({
        actor: identity.name,
        agency: identity.agency,
        via: 'web',
        action: 'wall:created',
        outcome: created.ok ? 'done' : 'refused',
        target: `wall ${name}`,
        address,
        detail: created.ok ? { id: created.value.wall.id, ...detail } : { ...detail, code: created.code },
      });
      if (!created.ok) return created;
      const { wall, secret } = created.value;
      return ok({ status: 201, body: { wall, address: `/wall#token=${secret}` } });
    },
  }),
  route({
    method: 'PATCH',
    path: '/api/walls/:id',
    access: 'walls:manage',
    personal: 'none',
    params: identified,
    body: changeWallSchema,
    async handle({ params, body, ...asked }) {
      const { identity, services } = asked;
      const changed = await services.auth.walls.change(params.id, reachOf(identity), body);
      if (!changed) return fail('not-found', 'no such wall');
      const { before, wall } = changed;
      const differences = wallDifferences(before, wall);
      if (Object.keys(differences.after).length > 0) {
        const detail = { id: wall.id, ...differences };
        await noteAct(asked, { action: 'wall:changed', target: `wall ${before.name}`, detail });
      }
      return ok({ body: { wall } });
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/walls/:id',
    access: 'walls:manage',
    personal: 'none',
    params: identified,
    async handle({ identity, params, address, services }) {
      const wall = await services.auth.walls.revoke(params.id, reachOf(identity));
      if (!wall) return fail('not-found', 'no such wall');
      await services.audit.note({
        actor: identity.name,
        agency: identity.agency,
        via: 'web',
        action: 'wall:revoked',
        target: `wall ${wall.name}`,
        address,
        detail: { id: wall.id, state: wall.state },
      });
      return ok({ status: 204, body: undefined });
    },
  }),
];

/** A wall's own: its screen opens its address once, and asks what it is. */
const screenRoutes = [
  route({
    method: 'POST',
    path: '/api/wall-session',
    access: 'public',
    personal: 'none',
    body: openWallSchema,
    async handle({ identity, body, address, services }) {
      // Tried out by whoever made it, the token would be spent before its screen has it.
      if (identity?.kind === 'user') return fail('conflict', 'open this address on the screen of the wall');
      const { result, wall, reason, isNews } = await services.auth.walls.open(body.token, address);
      if (isNews) {
        await services.audit.note({
          actor: wall ? `wall ${wall.name}` : '',
          agency: wall?.agency ?? '',
          via: 'wall',
          action: result.ok ? 'wall:exchanged' : 'wall:refused',
          outcome: result.ok ? 'done' : 'refused',
          target: wall ? `wall ${wall.name}` : '',
          address,
          detail: wall ? { id: wall.id, reason } : { reason },
        });
      }
      return result.ok ? ok({ body: result.value.session, cookie: result.value.cookie }) : result;
    },
  }),
  route({
    method: 'GET',
    path: '/api/wall-session',
    access: 'wall',
    personal: 'none',
    handle({ identity, cookieHeader, services }) {
      const found = services.auth.walls.sessionOf(identity, cookieHeader);
      return found
        ? ok({ body: found.session, cookie: found.cookie })
        : fail('unauthenticated', 'the wall has ended');
    },
  }),
];

/** Walls and their screens. */
export const wallRoutes = [...deskRoutes, ...screenRoutes];
