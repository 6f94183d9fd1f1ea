import type { Reconciliation } from '../../shared/api/schemas.ts';
import type { Frame } from '../../shared/live/frame.ts';
import type { Party } from '../../shared/party.ts';
import { isPresent } from './reconcile.ts';

/** Unknown organisations named in a frame. */
export const maxUnknownShown = 20;

// Asia/Jakarta is UTC+7 all year.
const jakartaOffsetMs = 7 * 3_600_000;

/** The calendar day in Jakarta at that moment, `YYYY-MM-DD`. */
export const jakartaDay = (at: number): string => new Date(at + jakartaOffsetMs).toISOString().slice(0, 10);

/** Counts the parties whose accounts are due on that day, and those of them that are present. */
export function presenceOf(options: {
  readonly parties: readonly Party[];
  readonly day: string;
  readonly reconciliationOf: (party: string) => Pick<Reconciliation, 'verdict' | 'known'>;
  readonly unknown: ReadonlySet<string>;
}): Frame['accounts'] {
  const due = options.parties.filter((party) => party.expectedSince <= options.day);
  const reconciled = new Map(due.map((party) => [party, options.reconciliationOf(party.id)]));
  const isThere = (party: Party) => isPresent(reconciled.get(party) ?? { verdict: 'undeclared', known: 0 });
  const isSilent = (party: Party) => reconciled.get(party)?.known === 0;
  const count = (kind: Party['kind']) => {
    const registered = due.filter((party) => party.kind === kind);
    return { registered: registered.length, present: registered.filter(isThere).length };
  };
  const register = new Set(options.parties.map(({ id }) => id));
  return {
    national: count('national'),
    aceh: count('aceh'),
    absent: due.filter(isSilent).map(({ id }) => id),
    differs: due.filter((party) => !isThere(party) && !isSilent(party)).map(({ id }) => id),
    // The register may have learnt an organisation since it was heard.
    unknown: [...options.unknown].filter((id) => !register.has(id)).slice(0, maxUnknownShown),
  };
}
