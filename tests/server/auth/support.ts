import { randomBytes } from 'node:crypto';
import { generateSync } from 'otplib';
import { createAuth, type Auth } from '../../../server/auth/auth.ts';
import { openStateStore, type StateStore } from '../../../server/store/state/state-store.ts';
import { defaultAgencies } from '../../../shared/authority.ts';
import type { Role } from '../../../shared/role.ts';

export interface AuthDesk {
  store: StateStore;
  auth: Auth;
  clock: { now: number };
  faults: unknown[];
  /** The same store as a server started anew sees it. */
  restart(): Promise<Auth>;
}

const testSecret = Buffer.alloc(32, 7);

/** Auth over an empty store in memory, with a clock that stands still. */
export async function openAuth(
  options: { secureCookies?: boolean; secondFactor?: boolean } = {},
): Promise<AuthDesk> {
  const store = await openStateStore({ file: ':memory:' });
  const clock = { now: 1_764_000_000_000 };
  const faults: unknown[] = [];
  const start = () =>
    createAuth({
      db: store.db,
      now: () => clock.now,
      random: (size) => randomBytes(size),
      secureCookies: options.secureCookies ?? false,
      secretKey: testSecret,
      rules: { agencies: defaultAgencies, secondFactor: options.secondFactor ?? false },
      onFault: (error) => faults.push(error),
    });
  return { store, auth: await start(), clock, faults, restart: start };
}

/** What a browser sends back for a `Set-Cookie`. */
export const sentBack = (setCookie: string): string => setCookie.split(';')[0] ?? '';

export const ownPassword = (name: string): string => `trembesi-jalak-${name.slice(1)}-Kw7`;

/** The first admin, with a password of its own. */
export async function claimAdmin(auth: Auth): Promise<string> {
  const first = await auth.ensureFirstAdmin();
  if (!first) throw new Error('there is an admin already');
  return claim(auth, 'admin', first.oneTimePassword);
}

/** A user of that role, with a password of its own and signed in; returns the cookie. */
export async function addUser(auth: Auth, name: string, role: Role): Promise<string> {
  const created = await auth.createUser({ name, role });
  if (!created.ok) throw new Error(created.message);
  return claim(auth, name, created.value.oneTimePassword);
}

async function claim(auth: Auth, name: string, oneTimePassword: string): Promise<string> {
  const cookie = await signIn(auth, name, oneTimePassword);
  const identity = auth.identify({ cookie });
  if (!identity) throw new Error('no session');
  const changed = await auth.changePassword(
    identity,
    { current: oneTimePassword, next: ownPassword(name) },
    from,
  );
  if (!changed.ok) throw new Error(changed.message);
  return sentBack(changed.value.cookie);
}

/** Where the sessions of these tests come from. */
export const from = { address: '192.0.2.1', userAgent: 'a browser' };

/** Signs in from a documentation address; returns the cookie, throws when refused. */
export async function signIn(auth: Auth, name: string, password = ownPassword(name)): Promise<string> {
  const answer = await auth.signIn({ name, password, ...from, cookieHeader: undefined });
  if (!answer.ok) throw new Error(answer.code);
  return sentBack(answer.value.cookie);
}

/** The code of that moment of the clock. */
export const codeOf = ({ clock }: Pick<AuthDesk, 'clock'>, secret: string): string =>
  generateSync({ secret, epoch: Math.floor(clock.now / 1_000) });

/** Enrols a second factor for the session of `cookie`; the next code is that of the next step. */
export async function enrol(desk: Pick<AuthDesk, 'auth' | 'clock'>, cookie: string, name: string) {
  const identity = desk.auth.identify({ cookie });
  if (!identity) throw new Error('no session');
  const begun = await desk.auth.beginEnrolment(identity, { current: ownPassword(name) });
  if (!begun.ok) throw new Error(begun.code);
  const { secret } = begun.value;
  const enrolled = await desk.auth.confirmEnrolment(identity, codeOf(desk, secret), from);
  if (!enrolled.ok) throw new Error(enrolled.code);
  return { secret, answer: enrolled.value };
}
