import type { SiagaEvent } from '../../../shared/event/fields.ts';
import { maxListedParties, unionOfParties, withParty } from '../../../shared/party-list.ts';
import { detach } from '../../detach.ts';
import { boundedValue } from './group-key.ts';

/** The party that the event names, registered or not, as a bounded text; `null` when it names none. */
export function partyOf(event: SiagaEvent): string | null {
  const party = event['siaga.party.kind'] === null ? null : event['organization.id'];
  return party === null ? null : boundedValue(party);
}

/** The list with the party in it, by the rule of `withParty`; what is kept is no slice of a log line. */
export function addParty(list: readonly string[], party: string | null): readonly string[] {
  return party === null || list.includes(party) ? list : withParty(list, detach(party));
}

/** Parties and when each was named last, at most `maxListedParties`: of more, those named longest ago go. */
export interface RecentParties {
  note(party: string, time: number): void;
  /** Those named at `time` or later, as a list by the rule of `withParty`. */
  since(time: number): readonly string[];
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
        named.push({ party: detach(party), last: time });
      }
    },
    since: (time) =>
      unionOfParties(
        [],
        named.filter(({ last }) => last >= time).map(({ party }) => party),
      ),
  };
}
