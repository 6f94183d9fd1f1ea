import { loginResult, type LoginResult, type SiagaEvent } from '../../shared/event/fields.ts';
import type { LoginCounts } from '../../shared/live/frame.ts';
import { createAccountSightings, type AccountsHeard } from './account-sightings.ts';
import { createMinuteCounts } from './minute-counts.ts';

/** What one second of events comes to; the part of a frame that the events alone decide. */
export interface Second extends AccountsHeard {
  readonly events: number;
  readonly unparsed: number;
  readonly signals: number;
  readonly logins: LoginCounts;
  readonly parties: [string, number, number, number][];
  readonly partyFailures: Record<string, number>;
  readonly topFailures: [string, number][];
  /** Newest `@timestamp` that is not in the future, epoch ms; `null` before the first event. */
  readonly watermark: number | null;
}

export interface Aggregator {
  add(event: SiagaEvent): void;
  /** Closes the second that ends at `now` (epoch ms) and begins the next. */
  close(now: number): Second;
  /** What was heard of accounts since the last close or take; the rest of the second stays open. */
  takeAccounts(): AccountsHeard;
}

const maxAddressesAMinute = 20_000;
/** More than a register holds; only its parties are counted. */
const maxParties = 1_000;
const topLength = 10;

const none = (): LoginCounts => ({ success: 0, failure: 0, blocked: 0 });

export function createAggregator(): Aggregator {
  const addresses = createMinuteCounts({ minutes: 15, maxKeys: maxAddressesAMinute });
  const failures = createMinuteCounts({ minutes: 60, maxKeys: maxParties });
  const sightings = createAccountSightings();
  let open = emptySecond();
  let watermark: number | null = null;

  const addLogin = (event: SiagaEvent, result: LoginResult): void => {
    open.logins[result] += 1;
    const party = event['siaga.party.kind'] === 'unknown' ? null : event['organization.id'];
    const arrived = event['event.ingested'];
    if (party !== null) partyCounts(open.parties, party)[result] += 1;
    if (result === 'success') return;
    if (party !== null) failures.add(party, arrived);
    sightings.addFailure(event);
    if (event['source.ip'] !== null) addresses.add(event['source.ip'], arrived);
  };

  return {
    add: (event) => {
      open.events += 1;
      const dataset = event['event.dataset'];
      if (dataset === 'unparsed') {
        open.unparsed += 1;
        return;
      }
      if (dataset === 'signal') open.signals += 1;
      if (event['@timestamp'] <= event['event.ingested'])
        watermark = Math.max(watermark ?? 0, event['@timestamp']);
      const result = loginResult(event);
      if (result !== null) addLogin(event, result);
      sightings.add(event);
    },
    close: (now) => {
      const { parties, ...counts } = open;
      open = emptySecond();
      return {
        ...counts,
        parties: [...parties].map(([id, { success, failure, blocked }]) => [id, success, failure, blocked]),
        partyFailures: Object.fromEntries(failures.totals(now)),
        topFailures: [...addresses.totals(now)].sort((a, b) => b[1] - a[1]).slice(0, topLength),
        ...sightings.take(),
        watermark,
      };
    },
    takeAccounts: sightings.take,
  };
}

function emptySecond() {
  return {
    events: 0,
    unparsed: 0,
    signals: 0,
    logins: none(),
    parties: new Map<string, LoginCounts>(),
  };
}

function partyCounts(parties: Map<string, LoginCounts>, id: string): LoginCounts {
  let counts = parties.get(id);
  if (!counts) {
    counts = none();
    parties.set(id, counts);
  }
  return counts;
}
