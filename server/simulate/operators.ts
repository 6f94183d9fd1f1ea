import { busynessAt } from './day-curve.ts';
import { attemptLogin } from './login.ts';
import type { Account } from './population.ts';
import { assets, operatorRequest, pageBytes } from './site.ts';
import type { World } from './world.ts';

/** Share of attempts that people mistype. */
const mistyped = 0.065;
const firstLoginsWithinMs = 20_000;
const othersWithinMs = 60_000;
const lateAfterMs = { least: 240_000, most: 330_000 };

/**
 * The parties' people: they sign in, work for a while, sign out and come back. The first of each party comes within the first
 * twenty seconds, but for one party that stays away for some minutes.
 */
export function startOperators(world: World): void {
  const { random, startedAt, population } = world;
  for (const { party, accounts } of population.byParty) {
    const away = party === population.late ? random.between(lateAfterMs.least, lateAfterMs.most) : 0;
    accounts.forEach((account, index) => {
      const within = index === 0 ? firstLoginsWithinMs : othersWithinMs;
      const least = index === 0 ? 1_000 : firstLoginsWithinMs;
      world.schedule(startedAt + away + random.between(least, within), (at) =>
        signIn(world, account, at, index === 0 ? 2 : 0),
      );
    });
  }
}

/** `mistakes` made so far; two are the most anyone makes. */
function signIn(world: World, account: Account, at: number, mistakes: number): void {
  const { random } = world;
  const { name, party, address, agent } = account;
  const attempt = { user: name, party: party.id, address, agent };
  if (at < account.lockedUntil) {
    attemptLogin(world, at, { ...attempt, result: 'blocked', reason: 'account-locked' });
    world.schedule(account.lockedUntil + random.between(5_000, 60_000), (when) =>
      signIn(world, account, when, 0),
    );
  } else if (mistakes < 2 && random.chance(mistyped)) {
    const unknown = random.chance(0.08);
    attemptLogin(
      world,
      at,
      unknown
        ? {
            ...attempt,
            user: `${name.slice(0, -2)}${name.slice(-1)}x`,
            party: null,
            result: 'failure',
            reason: 'user-unknown',
          }
        : { ...attempt, result: 'failure', reason: 'bad-password' },
    );
    world.schedule(at + random.between(3_000, 9_000), (when) => signIn(world, account, when, mistakes + 1));
  } else {
    attemptLogin(world, at, { ...attempt, result: 'success' });
    work(world, account, at);
  }
}

function work(world: World, account: Account, from: number): void {
  const { random } = world;
  world.schedule(from + 150, (when) =>
    ask(world, account, when, { method: 'GET', target: '/sipol/beranda' }),
  );
  for (const target of random.shuffle(assets).slice(0, 3))
    world.schedule(from + random.between(200, 900), (at) => world.request(at, cached(account, target)));
  let at = from;
  for (let count = random.whole(3, 10); count > 0; count -= 1) {
    at += random.between(4_000, 14_000);
    world.schedule(at, (when) => {
      ask(world, account, when, operatorRequest(random));
      if (random.chance(0.5)) world.request(when, cached(account, random.pick(assets)));
    });
  }
  const end = at + random.between(2_000, 8_000);
  if (random.chance(0.6)) world.schedule(end, (when) => signOut(world, account, when));
  const pauseMs = random.between(40_000, 160_000) / busynessAt(end);
  world.schedule(end + pauseMs, (when) => {
    world.request(when, {
      ...page(account),
      method: 'GET',
      target: '/sipol/login',
      status: 200,
      bytes: 3_204,
    });
    world.schedule(when + random.between(4_000, 10_000), (later) => signIn(world, account, later, 0));
  });
}

function signOut(world: World, account: Account, at: number): void {
  world.request(at, { ...page(account), method: 'POST', target: '/sipol/keluar', status: 302, bytes: 0 });
  world.report(at, {
    'event.kind': 'event',
    'event.category': 'authentication',
    'event.type': 'end',
    'event.action': 'user-logout',
    'event.outcome': 'success',
    'user.name': account.name,
    'source.ip': account.address,
    'organization.id': account.party.id,
  });
}

function ask(world: World, account: Account, at: number, request: { method: string; target: string }): void {
  const { random } = world;
  const status = random.chance(0.004) ? 500 : random.chance(0.01) ? 403 : 200;
  world.request(at, { ...page(account), ...request, status, bytes: pageBytes(random) });
}

const page = ({ address, agent }: Account) => ({
  address,
  agent,
  referrer: 'https://sipol.example/sipol/beranda',
});

const cached = (account: Account, target: string) => ({
  ...page(account),
  method: 'GET',
  target,
  status: 304,
  bytes: 0,
});
