import { accountOf, provesAccount } from '../../shared/event/account.ts';
import {
  loginResult,
  type AccountAction,
  type LoginResult,
  type SiagaEvent,
} from '../../shared/event/fields.ts';
import type { LoginCounts } from '../../shared/live/frame.ts';
import { createMinuteCounts } from './minute-counts.ts';

/** What one second of events comes to; the part of a frame that the events alone decide. */
export interface Second {
  readonly events: number;
  readonly unparsed: number;
  readonly signals: number;
  readonly logins: LoginCounts;
  readonly parties: [string, number, number, number][];
  readonly partyFailures: Record<string, number>;
  readonly topFailures: [string, number][];
  readonly accounts: AccountSighting[];
  /** Newest `@timestamp` that is not in the future, epoch ms; `null` before the first event. */
  readonly watermark: number | null;
}

/** An event that shows an account of a party to exist, or an organisation that the register doesn't know. */
export interface AccountSighting {
  readonly party: string;
  readonly user: string;
  readonly at: number;
  readonly action: AccountAction;
}

export interface Aggregator {
  add(event: SiagaEvent): void;
  /** Closes the second that ends at `now` (epoch ms) and begins the next. */
  close(now: number): Second;
}

const maxAddressesAMinute = 20_000;
/** More than a register holds; only its parties are counted. */
const maxParties = 1_000;
/** Sightings of one second; the newest of an account replaces the one before, beyond the cap they wait for a later event. */
const maxSightings = 10_000;
const topLength = 10;

const none = (): LoginCounts => ({ success: 0, failure: 0, blocked: 0 });

export function createAggregator(): Aggregator {
  const addresses = createMinuteCounts({ minutes: 15, maxKeys: maxAddressesAMinute });
  const failures = createMinuteCounts({ minutes: 60, maxKeys: maxParties });
  let open = emptySecond();
  let watermark: number | null = null;

  const addLogin = (event: SiagaEvent, result: LoginResult): void => {
    open.logins[result] += 1;
    const party = event['siaga.party.kind'] === 'unknown' ? null : event['organization.id'];
    const arrived = event['event.ingested'];
    if (party !== null) partyCounts(open.parties, party)[result] += 1;
    if (result === 'success') return;
    if (party !== null) failures.add(party, arrived);
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
      if (provesAccount(event)) sight(open.accounts, event);
    },
    close: (now) => {
      const { parties, accounts, ...counts } = open;
      open = emptySecond();
      return {
        ...counts,
        parties: [...parties].map(([id, { success, failure, blocked }]) => [id, success, failure, blocked]),
        partyFailures: Object.fromEntries(failures.totals(now)),
        topFailures: [...addresses.totals(now)].sort((a, b) => b[1] - a[1]).slice(0, topLength),
        accounts: [...accounts.values()],
        watermark,
      };
    },
  };
}

function emptySecond() {
  return {
    events: 0,
    unparsed: 0,
    signals: 0,
    logins: none(),
    parties: new Map<string, LoginCounts>(),
    accounts: new Map<string, AccountSighting>(),
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

function sight(accounts: Map<string, AccountSighting>, event: SiagaEvent): void {
  const party = event['organization.id'];
  const user = accountOf(event);
  if (party === null || user === null) return;
  const action = event['event.action'] as AccountAction;
  const key = `${party}\n${user}\n${action}`;
  if (accounts.size < maxSightings || accounts.has(key))
    accounts.set(key, { party, user, at: event['@timestamp'], action });
}
