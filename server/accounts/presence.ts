import type { Frame } from '../../shared/live/frame.ts';
import type { Party } from '../../shared/party.ts';

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
  readonly isPresent: (party: string) => boolean;
  readonly unknown: ReadonlySet<string>;
}): Frame['accounts'] {
  const due = options.parties.filter((party) => party.expectedSince <= options.day);
  const present = new Set(due.filter(({ id }) => options.isPresent(id)));
  const count = (kind: Party['kind']) => {
    const registered = due.filter((party) => party.kind === kind);
    return {
      registered: registered.length,
      present: registered.filter((party) => present.has(party)).length,
    };
  };
  const register = new Set(options.parties.map(({ id }) => id));
  return {
    national: count('national'),
    aceh: count('aceh'),
    absent: due.filter((party) => !present.has(party)).map(({ id }) => id),
    // The register may have learnt an organisation since it was heard.
    unknown: [...options.unknown].filter((id) => !register.has(id)).slice(0, maxUnknownShown),
  };
}
