import * as z from 'zod/mini';
import type { PartyList } from '../../../shared/api/schemas.ts';
import { fail, ok } from '../../../shared/result.ts';
import { route } from '../route.ts';

/** Parties of the register, and what was heard of their accounts. */
export const partyRoutes = [
  route({
    method: 'GET',
    path: '/api/parties',
    access: 'viewer',
    handle({ services }) {
      const body: PartyList = {
        parties: services.parties.map((party) => {
          const detail = services.accounts.partyDetail(party.id);
          return { party, present: detail?.present ?? false, accounts: detail?.accounts.length ?? 0 };
        }),
        unknown: services.accounts.presence().unknown,
      };
      return ok({ body });
    },
  }),
  route({
    method: 'GET',
    path: '/api/parties/:id',
    access: 'viewer',
    params: z.object({ id: z.string().check(z.maxLength(200)) }),
    handle({ params, services }) {
      const detail = services.accounts.partyDetail(params.id);
      return detail ? ok({ body: detail }) : fail('not-found', 'no such party');
    },
  }),
];
