import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ExternalAct, ExternalPerson } from '../../../server/auth/external-sign-in.ts';
import type { Witness } from '../../../server/store/state/change.ts';
import { from, openAuth, sentBack, type AuthDesk } from './support.ts';

let desk: AuthDesk;
beforeEach(async () => {
  desk = await openAuth();
});
afterEach(() => desk.store.close());

const person: ExternalPerson = {
  externalId: 'https://id.example 7',
  name: 'sari',
  role: 'admin',
  agency: 'KPU',
};
const provider = { id: '', idToken: null };
const enter = (over: Partial<ExternalPerson> = {}, witness?: Witness<ExternalAct>) =>
  desk.auth.signInExternal({ ...person, ...over }, { ...from, oldSessionKey: null, provider }, witness);
const deaf: Witness<ExternalAct> = () => Promise.reject(new Error('disk full'));
const stored = async () => ({
  users: await desk.store.db.selectFrom('users').selectAll().execute(),
  sessions: await desk.store.db.selectFrom('sessions').selectAll().execute(),
});

/** The only admin, who signs in elsewhere, with an open session. */
async function settled(): Promise<() => boolean> {
  const entered = await enter();
  if (!entered.ok) throw new Error(entered.code);
  const cookie = sentBack(entered.value.cookie);
  return () => desk.auth.identify({ cookie }) !== null;
}

describe('what a sign-in from elsewhere did', () => {
  test.each([
    ['a new user', false, {}],
    ['a known one', true, {}],
    ['one of another agency now', true, { agency: 'BSSN' }],
    ['the last admin, who is none any more', true, { role: 'viewer' }],
  ] as const)('is undone when it can’t be noted: %s', async (_what, isKnown, over) => {
    const isIn = isKnown ? await settled() : () => true;
    const before = await stored();
    await expect(enter(over, deaf)).rejects.toThrow('disk full');
    expect(await stored()).toEqual(before);
    expect(isIn()).toBe(true);
  });

  test('is told once: who came in and what changed, or who was shut out', async () => {
    const told: ExternalAct[] = [];
    const hear: Witness<ExternalAct> = (_transaction, act) => Promise.resolve(void told.push(act));
    await enter({}, hear);
    await enter({ agency: 'BSSN' }, hear);
    expect(await enter({ role: 'viewer' }, hear)).toMatchObject({ ok: false, code: 'last-admin' });
    expect(told).toMatchObject([
      { kind: 'entered', signedIn: { name: 'sari', change: 'created' } },
      { kind: 'entered', signedIn: { name: 'sari', change: { role: 'admin', agency: 'KPU' } } },
      { kind: 'shut-out', name: 'sari', agency: 'BSSN' },
    ]);
    expect((await stored()).sessions).toEqual([]);
  });
});

test('the first admin’s one-time password isn’t given out when that can’t be noted', async () => {
  await expect(desk.auth.ensureFirstAdmin(() => Promise.reject(new Error('disk full')))).rejects.toThrow();
  expect((await stored()).users).toEqual([]);
  expect(await desk.auth.ensureFirstAdmin()).toMatchObject({ name: 'admin' });
});
