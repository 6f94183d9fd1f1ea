import { accountOf, provesAccount } from '../../shared/event/account.ts';
import type { AccountAction, SiagaEvent } from '../../shared/event/fields.ts';

/** An event that shows an account of a party to exist, or an organisation that the register doesn't know. */
export interface AccountSighting {
  readonly party: string;
  readonly user: string;
  /** Event time, epoch ms, never later than its arrival. */
  readonly at: number;
  readonly action: AccountAction;
  readonly address: string | null;
  /** The account that did it, where another one was acted upon. */
  readonly by: string | null;
  readonly roles: string | null;
}

/** Failed and blocked logins of one account that arrived within one minute (its start, epoch ms), as counted so far. */
export type AccountFailures = readonly [party: string, user: string, minute: number, count: number];

/** What was heard of accounts since it was asked last. */
export interface AccountsHeard {
  readonly accounts: AccountSighting[];
  /** Only what grew; a minute's count is whole each time, not what was added. */
  readonly accountFailures: AccountFailures[];
  /** Sightings and failures left out because of a bound. */
  readonly accountsLeft: number;
}

export interface AccountSightings {
  add(event: SiagaEvent): void;
  addFailure(event: SiagaEvent): void;
  take(): AccountsHeard;
}

/** Sightings between two takes; beyond the cap accounts wait for a later event. */
export const maxSightings = 10_000;
/** Accounts of one minute whose failures are counted. */
export const maxFailingAccounts = 10_000;
/** Minutes that a count stays open for: lines wait this long at most between their arrival and being read. */
const openMinutes = 5;
const minuteMs = 60_000;

/** Gathers what a second says of accounts: the newest login from each address, every step of a life, failures by the minute. */
export function createAccountSightings(): AccountSightings {
  const minutes = new Map<number, Map<string, Counted>>();
  let sightings = new Map<string, AccountSighting>();
  let grown = new Set<Counted>();
  let left = 0;

  return {
    add(event) {
      if (!provesAccount(event)) return;
      const sighting = sightingOf(event);
      if (sighting === null) return;
      const key = keyOf(sighting);
      const before = sightings.get(key);
      if (before === undefined && sightings.size >= maxSightings) left += 1;
      else if (before === undefined || before.at <= sighting.at) sightings.set(key, sighting);
    },
    addFailure(event) {
      const party = event['organization.id'];
      const user = accountOf(event);
      if (party === null || user === null) return;
      const minute = Math.floor(event['event.ingested'] / minuteMs) * minuteMs;
      const accounts = minutes.get(minute) ?? new Map<string, Counted>();
      minutes.set(minute, accounts);
      const key = `${party}\n${user}`;
      const counted = accounts.get(key) ?? { party, user, minute, count: 0 };
      if (counted.count === 0 && accounts.size >= maxFailingAccounts) {
        left += 1;
        return;
      }
      counted.count += 1;
      accounts.set(key, counted);
      grown.add(counted);
    },
    take() {
      const heard: AccountsHeard = {
        accounts: [...sightings.values()],
        accountFailures: [...grown].map(({ party, user, minute, count }) => [party, user, minute, count]),
        accountsLeft: left,
      };
      sightings = new Map();
      grown = new Set();
      left = 0;
      const newest = Math.max(...minutes.keys());
      for (const minute of minutes.keys())
        if (minute <= newest - openMinutes * minuteMs) minutes.delete(minute);
      return heard;
    },
  };
}

interface Counted {
  readonly party: string;
  readonly user: string;
  readonly minute: number;
  count: number;
}

function sightingOf(event: SiagaEvent): AccountSighting | null {
  const party = event['organization.id'];
  const user = accountOf(event);
  if (party === null || user === null) return null;
  const by = event['user.name'];
  return {
    party,
    user,
    at: Math.min(event['@timestamp'], event['event.ingested']),
    action: event['event.action'] as AccountAction,
    address: event['source.ip'],
    by: by === user ? null : by,
    roles: event['user.roles'],
  };
}

/** Visits are one for each address; steps of a life are each kept. */
function keyOf({ party, user, at, action, address, by }: AccountSighting): string {
  const visit = `${party}\n${user}\n${action}\n${address ?? ''}`;
  return action === 'user-login' || action === 'user-logout' ? visit : `${visit}\n${at}\n${by ?? ''}`;
}
