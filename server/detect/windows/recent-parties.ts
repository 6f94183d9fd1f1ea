import type { SiagaEvent } from '../../../shared/event/fields.ts';
import { maxListedParties } from '../../../shared/party-list.ts';
import { boundedValue, detach } from './group-key.ts';

/** The party that the event names, known to the register or not; `null` when it names none. */
export const partyOf = (event: SiagaEvent): string | null =>
  event['siaga.party.kind'] === null ? null : event['organization.id'];

/** A party's id as it is kept: bounded, and no slice of a log line. */
export const keptParty = (party: string): string => detach(boundedValue(party));

/** Parties and when each was named last, at most `maxListedParties`: of more, those named longest ago go. */
export interface RecentParties {
  note(party: string, time: number): void;
  /** Those named at `time` or later. */
  since(time: number): string[];
}

/** Creates an empty memory of parties. */
export function createRecentParties(): RecentParties {
  const named: { readonly party: string; last: number }[] = [];
  const oldest = (): number =>
    named.reduce((least, { last }, index) => (last < (named[least]?.last ?? 0) ? index : least), 0);
  return {
    note(party, time) {
      const known = named.find((one) => one.party === party);
      if (known) known.last = Math.max(known.last, time);
      else {
        if (named.length === maxListedParties) named.splice(oldest(), 1);
        named.push({ party: keptParty(party), last: time });
      }
    },
    since: (time) => named.filter(({ last }) => last >= time).map(({ party }) => party),
  };
}
