import type { Party } from '../../shared/party.ts';

/** The commission's register, for look-up. */
export interface Register {
  readonly parties: readonly Party[];
  /** The party of that id, exactly as written; safe for hostile ids. */
  byId(id: string): Party | undefined;
}

/** A register of these parties; the last one counts when an id occurs twice. */
export function createRegister(parties: readonly Party[]): Register {
  const index = new Map(parties.map((party) => [party.id, party]));
  return { parties, byId: (id) => index.get(id) };
}
