import * as z from 'zod/mini';
import {
  auditOutcomes,
  type AuditAnswer,
  type AuditEntry,
  type TimedHead,
} from '../../../shared/api/audit.ts';
import { withheldText } from '../../../shared/event/personal-fields.ts';
import { ok } from '../../../shared/result.ts';
import { actorOf } from '../../audit/actor.ts';
import type { PersonalView } from '../../personal/view.ts';
import { querySchema } from '../query-schema.ts';
import { route } from '../route.ts';

/** Rows in one answer. */
export const maxAuditLimit = 200;

const time = z.coerce.number().check(z.int(), z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER));
const word = z.string().check(z.minLength(1), z.maxLength(500));

const listQuery = querySchema({
  /** Epoch ms. */
  from: z.optional(time),
  to: z.optional(time),
  actor: z.optional(word),
  action: z.optional(word),
  outcome: z.optional(z.enum(auditOutcomes)),
  agency: z.optional(word),
  before: z.optional(time),
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(maxAuditLimit)), 100),
});

/** A row without its personal data. What others searched for, exported or closed may name addresses and accounts. */
const maskEntry = (entry: AuditEntry, view: PersonalView): AuditEntry => ({
  ...entry,
  address: entry.address === '' ? '' : view.address(entry.address),
  detail: {},
  // It is made of the address too: who knows the rest of the row could try addresses until one fits.
  hash: withheldText,
});

/** The audit log: of everybody for an admin, of the own agency for a lead. */
export const auditRoutes = [
  route({
    method: 'GET',
    path: '/api/audit',
    access: 'audit:read',
    personal: (body: AuditAnswer, view) =>
      view.clear ? body : { ...body, entries: body.entries.map((entry) => maskEntry(entry, view)) },
    query: listQuery,
    async handle({ identity, query, address, services }) {
      const { trail } = services;
      const { before: _, limit: _limit, ...asked } = query;
      trail.notes.note({ ...actorOf(identity, address), action: 'audit:read', detail: { ...asked } });
      const isOfAll = identity.grants['audit:read'] === 'all';
      if (!isOfAll && (query.agency ?? identity.agency) !== identity.agency)
        return ok({ body: { entries: [], next: null, state: trail.state() } });
      const page = await trail.list(isOfAll ? query : { ...query, agency: identity.agency });
      return ok({ body: { ...page, state: trail.state() } });
    },
  }),
  route({
    method: 'GET',
    path: '/api/audit/head',
    access: 'audit:read',
    personal: (head: TimedHead, view) => (view.clear ? head : { ...head, hash: withheldText }),
    handle: async ({ services }) => ok({ body: await services.trail.head() }),
  }),
];
