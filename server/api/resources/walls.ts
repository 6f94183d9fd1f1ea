import * as z from 'zod/mini';
import { changeWallSchema, createWallSchema, openWallSchema, type Wall } from '../../../shared/api/tokens.ts';
import { fail, ok } from '../../../shared/result.ts';
import type { AuditNote } from '../../audit/audit-log.ts';
import type { Identity } from '../../auth/auth.ts';
import { wallDifferences } from '../../auth/wall-changes.ts';
import type { ChangedWall, NewWall, OpenedWall } from '../../auth/walls.ts';
import { noteAct, witnessOf } from '../note-act.ts';
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
    async handle(asked) {
      const { identity, body, services } = asked;
      const { name, ...detail } = body;
      const act = { action: 'wall:created', target: `wall ${name}` } as const;
      const witness = witnessOf<NewWall>(asked, ({ wall: { id } }) => ({
        ...act,
        detail: { id, ...detail },
      }));
      const created = await services.auth.walls.create(identity, body, witness);
      if (!created.ok) {
        await noteAct(asked, { ...act, outcome: 'refused', detail: { ...detail, code: created.code } });
        return created;
      }
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
    async handle(asked) {
      const { identity, params, body, services } = asked;
      const note = witnessOf<ChangedWall>(asked, ({ before, wall }) => ({
        action: 'wall:changed',
        target: `wall ${before.name}`,
        detail: { id: wall.id, ...wallDifferences(before, wall) },
      }));
      const witness: typeof note = async (transaction, changed) => {
        const { after } = wallDifferences(changed.before, changed.wall);
        if (Object.keys(after).length > 0) await note(transaction, changed);
      };
      const changed = await services.auth.walls.change(params.id, reachOf(identity), body, witness);
      if (!changed) return fail('not-found', 'no such wall');
      const { wall } = changed;
      return ok({ body: { wall } });
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/walls/:id',
    access: 'walls:manage',
    personal: 'none',
    params: identified,
    async handle(asked) {
      const { identity, params, services } = asked;
      const witness = witnessOf<Wall>(asked, ({ id, name, state }) => ({
        action: 'wall:revoked',
        target: `wall ${name}`,
        detail: { id, state },
      }));
      const wall = await services.auth.walls.revoke(params.id, reachOf(identity), witness);
      return wall ? ok({ status: 204, body: undefined }) : fail('not-found', 'no such wall');
    },
  }),
];

/** Who opened an address: the wall itself, or nobody that is known. */
function openingBy(wall: OpenedWall | null, address: string): Omit<AuditNote, 'action'> {
  const name = wall ? `wall ${wall.name}` : '';
  return { actor: name, agency: wall?.agency ?? '', via: 'wall', target: name, address };
}

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
      const { result, wall, reason, isNews } = await services.auth.walls.open(
        body.token,
        address,
        (transaction, opened) =>
          services.audit.noteWithin(transaction, {
            ...openingBy(opened, address),
            action: 'wall:exchanged',
            detail: { id: opened.id, reason: 'opened' },
          }),
      );
      if (!result.ok && isNews) {
        await services.audit.note({
          ...openingBy(wall, address),
          action: 'wall:refused',
          outcome: 'refused',
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
