import * as z from 'zod/mini';
import type { PartyList } from '../../../shared/api/schemas.ts';
import { fail, ok } from '../../../shared/result.ts';
import { jakartaDay } from '../../accounts/presence.ts';
import { isPresent } from '../../accounts/reconcile.ts';
import { isFreeOfPersonal } from '../../personal/mask-text.ts';
import { route } from '../route.ts';
import type { Services } from '../services.ts';

/** Parties of the register, and what was heard of their accounts. */
export const partyRoutes = [
  route({
    method: 'GET',
    path: '/api/parties',
    access: 'parties:read',
    handle: ({ services }) => ok({ body: boardOf(services) }),
    personal: (body, view) => view.parties(body),
  }),
  route({
    method: 'GET',
    path: '/api/parties/:id',
    access: 'parties:read',
    params: z.object({ id: z.string().check(z.maxLength(200)) }),
    async handle({ params, services, view }) {
      const detail = services.accounts.partyDetail(params.id);
      // An organisation outside the register may be called by an address; whether it is there is not for all.
      const isHidden = !detail?.party && !view.clear && !isFreeOfPersonal(params.id);
      if (!detail || isHidden) return fail('not-found', 'no such party');
      return ok({ body: { ...detail, ...(await services.accounts.historyOf(params.id)) } });
    },
    personal: (body, view) => view.party(body),
  }),
];

function boardOf({ accounts, parties, newestFrame, now }: Services): PartyList {
  const presence = accounts.presence();
  const failures = new Map(Object.entries(newestFrame()?.partyFailures ?? {}));
  const today = jakartaDay(now());
  return {
    parties: parties.map((party) => {
      const { reconciliation, ...figures } = accounts.factsOf(party.id);
      const { verdict, registered, missing, unknown } = reconciliation;
      return {
        ...figures,
        party,
        present: isPresent(reconciliation),
        due: party.expectedSince <= today,
        registered,
        verdict,
        missing: missing.length,
        unknown: unknown.length,
        // The frame counts names too that are no account.
        failuresHour: Math.max(failures.get(party.id) ?? 0, figures.failuresHour),
      };
    }),
    national: presence.national,
    aceh: presence.aceh,
    unknown: presence.unknown,
    strangers: accounts.strangers().map((id) => {
      const { reconciliation: _, ...figures } = accounts.factsOf(id);
      return { ...figures, id };
    }),
    overflow: accounts.overflow(),
  };
}
