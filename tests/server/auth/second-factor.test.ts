import { generateSync } from 'otplib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { maxAttemptsOnName, maxWrongCodes, wrongCodeWindowMs } from '../../../server/auth/sign-in.ts';
import { recoveryCodeCount } from '../../../server/auth/recovery-codes.ts';
import { enrolmentMs } from '../../../server/auth/second-factor.ts';
import {
  addUser,
  claimAdmin,
  codeOf,
  enrol,
  from,
  openAuth,
  ownPassword,
  sentBack,
  signIn,
  type AuthDesk,
} from './support.ts';

let desk: AuthDesk;
let cookie = '';
beforeEach(async () => {
  desk = await openAuth({ secondFactor: true });
  cookie = await claimAdmin(desk.auth);
});
afterEach(() => desk.store.close());

const identityOf = (header: string) => {
  const identity = desk.auth.identify({ cookie: header });
  if (!identity) throw new Error('no session');
  return identity;
};
const attempt = (changes: { password?: string; code?: string; address?: string; name?: string } = {}) =>
  desk.auth.signIn({
    name: 'admin',
    password: ownPassword('admin'),
    address: '198.51.100.7',
    userAgent: 'a browser',
    cookieHeader: undefined,
    ...changes,
  });
const answerOf = async (changes: Parameters<typeof attempt>[0]) => {
  const answer = await attempt(changes);
  return answer.ok ? 'ok' : answer.code;
};
const nextStep = () => void (desk.clock.now += 30_000);

describe('enrolling', () => {
  test('is due of an admin and of a lead, and of nobody else', async () => {
    expect(identityOf(cookie).due).toBe('second-factor');
    expect(identityOf(await addUser(desk.auth, 'lina', 'lead')).due).toBe('second-factor');
    expect(identityOf(await addUser(desk.auth, 'anton', 'analyst')).due).toBeNull();
  });

  test('takes the password, and ends with a session of its own and ten codes', async () => {
    const other = await signIn(desk.auth, 'admin');
    expect(await desk.auth.beginEnrolment(identityOf(cookie), { current: 'wrong' })).toMatchObject({
      code: 'wrong-password',
    });
    const { answer, secret } = await enrol(desk, cookie, 'admin');
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(answer.session.due).toBeNull();
    expect(new Set(answer.recoveryCodes).size).toBe(recoveryCodeCount);
    expect(desk.auth.identify({ cookie })).toBeNull();
    expect(desk.auth.identify({ cookie: other })).toBeNull();
    expect(identityOf(sentBack(answer.cookie))).toMatchObject({ name: 'admin', due: null });
  });

  test('keeps neither secret nor codes readable in the store', async () => {
    const { answer, secret } = await enrol(desk, cookie, 'admin');
    const row = await desk.store.db.selectFrom('users').selectAll().executeTakeFirstOrThrow();
    expect(JSON.stringify(row)).not.toContain(secret);
    for (const code of answer.recoveryCodes) expect(JSON.stringify(row)).not.toContain(code);
    expect(row.totp_secret).toMatch(/^v1\./);
  });

  test('is refused with a wrong code, from another session, and too late', async () => {
    const begin = async () => {
      const begun = await desk.auth.beginEnrolment(identityOf(cookie), { current: ownPassword('admin') });
      if (!begun.ok) throw new Error(begun.code);
      return begun.value.secret;
    };
    const confirm = (code: string, who = cookie) => desk.auth.confirmEnrolment(identityOf(who), code, from);
    const secret = await begin();
    const right = codeOf(desk, secret);
    expect(await confirm(right === '000000' ? '000001' : '000000')).toMatchObject({ code: 'code-refused' });
    const other = await signIn(desk.auth, 'admin');
    expect(await confirm(right, other)).toMatchObject({ code: 'not-enrolling' });
    desk.clock.now += enrolmentMs;
    expect(await confirm(codeOf(desk, secret))).toMatchObject({ code: 'not-enrolling' });
    expect((await desk.auth.listUsers())[0]?.secondFactor).toBe(false);
  });

  test('of another in place of the one there is takes a code of it', async () => {
    const { answer, secret } = await enrol(desk, cookie, 'admin');
    const who = identityOf(sentBack(answer.cookie));
    const current = ownPassword('admin');
    expect(await desk.auth.beginEnrolment(who, { current })).toMatchObject({ code: 'code-refused' });
    nextStep();
    const code = codeOf(desk, secret);
    expect(await desk.auth.beginEnrolment(who, { current, code })).toMatchObject({ ok: true });
    nextStep();
    expect(await answerOf({ code: codeOf(desk, secret) })).toBe('ok');
  });

  test('outlives a restart', async () => {
    const { secret } = await enrol(desk, cookie, 'admin');
    const again = await desk.restart();
    nextStep();
    const answer = await again.signIn({
      name: 'admin',
      password: ownPassword('admin'),
      code: codeOf(desk, secret),
      ...from,
      cookieHeader: undefined,
    });
    expect(answer.ok && answer.value.session.due).toBeNull();
  });
});

describe('signing in with a second factor', () => {
  let secret = '';
  let recoveryCodes: readonly string[] = [];
  beforeEach(async () => {
    const enrolled = await enrol(desk, cookie, 'admin');
    ({ secret } = enrolled);
    ({ recoveryCodes } = enrolled.answer);
    nextStep();
  });

  test('asks for the code after the right password only', async () => {
    expect(await answerOf({})).toBe('code-required');
    expect(await answerOf({ password: 'wrong' })).toBe('wrong-credentials');
    expect(await answerOf({ password: 'wrong', code: codeOf(desk, secret) })).toBe('wrong-credentials');
    expect(await answerOf({ name: 'nobody', code: codeOf(desk, secret) })).toBe('wrong-credentials');
    expect(await answerOf({ code: codeOf(desk, secret) })).toBe('ok');
  });

  test('takes each code once', async () => {
    const code = codeOf(desk, secret);
    expect(await answerOf({ code })).toBe('ok');
    expect(await answerOf({ code })).toBe('wrong-code');
    nextStep();
    expect(await answerOf({ code })).toBe('wrong-code');
  });

  test('lets in one of two at once with the same code', async () => {
    const code = codeOf(desk, secret);
    const answers = await Promise.all([answerOf({ code }), answerOf({ code })]);
    expect(answers.toSorted()).toEqual(['ok', 'wrong-code']);
  });

  test.each([
    [-30, 'ok'],
    [0, 'ok'],
    [30, 'ok'],
    [-60, 'wrong-code'],
    [60, 'wrong-code'],
  ])('takes a code of %i seconds ago or ahead: %s', async (seconds, expected) => {
    desk.clock.now += 300_000;
    const epoch = Math.floor(desk.clock.now / 1_000) + seconds;
    expect(await answerOf({ code: generateSync({ secret, epoch }) })).toBe(expected);
  });

  test('takes each recovery code once, however it is typed', async () => {
    const [first = '', second = ''] = recoveryCodes;
    expect(await answerOf({ code: first })).toBe('ok');
    expect(await answerOf({ code: first })).toBe('wrong-code');
    expect(await answerOf({ code: ` ${second.toUpperCase().replaceAll('-', ' ')}` })).toBe('ok');
    const admin = identityOf(await signInWith());
    expect((await desk.auth.factorState(admin)).recoveryCodesLeft).toBe(recoveryCodeCount - 2);
    expect(desk.auth.sessionsOf('admin', admin).map(({ factor }) => factor)).toContain('recovery');
  });

  test('counts wrong codes as failed attempts', async () => {
    for (let n = 0; n < maxAttemptsOnName; n += 1) await attempt({ code: '000000' });
    expect(await answerOf({ code: codeOf(desk, secret) })).toBe('rate-limited');
  });

  test('does not count that the code was missing', async () => {
    for (let n = 0; n < maxAttemptsOnName + 1; n += 1) await attempt({});
    expect(await answerOf({ code: codeOf(desk, secret) })).toBe('ok');
  });

  test('is no lottery for who knows the password and has many addresses, and stays open where the user is', async () => {
    for (let n = 0; n < maxWrongCodes; n += 1) await attempt({ code: '000000', address: `203.0.113.${n}` });
    const code = codeOf(desk, secret);
    expect(await answerOf({ code, address: '203.0.113.200' })).toBe('rate-limited');
    expect(await answerOf({ code, address: from.address })).toBe('ok');
    desk.clock.now += wrongCodeWindowMs;
    expect(await answerOf({ code: codeOf(desk, secret), address: '203.0.113.200' })).toBe('ok');
  });

  test('keeps what the session came by when the password changes', async () => {
    const who = identityOf(await signInWith());
    const changed = await desk.auth.changePassword(
      who,
      { current: ownPassword('admin'), next: 'sungai deras di hulu' },
      from,
    );
    expect(changed.ok && desk.auth.sessionsOf('admin', who)).toMatchObject([{ factor: 'totp' }]);
  });

  test('cannot be given up by who needs it', async () => {
    const proof = { current: ownPassword('admin'), code: codeOf(desk, secret) };
    expect(await desk.auth.removeFactor(identityOf(await signInWith()), proof, from)).toMatchObject({
      code: 'second-factor-required',
    });
  });

  test('is taken back by an admin or the command line, with all sessions', async () => {
    const header = await signInWith();
    expect(await desk.auth.resetFactor('admin')).toMatchObject({
      ok: true,
      value: { before: { secondFactor: true }, user: { secondFactor: false } },
    });
    expect(desk.auth.identify({ cookie: header })).toBeNull();
    expect(identityOf(await signIn(desk.auth, 'admin')).due).toBe('second-factor');
    expect(await desk.auth.resetFactor('nobody')).toMatchObject({ code: 'not-found' });
  });

  test('gives new recovery codes for password and code, and the old ones are dead', async () => {
    const who = identityOf(await signInWith());
    const current = ownPassword('admin');
    expect(await desk.auth.renewRecoveryCodes(who, { current })).toMatchObject({ code: 'code-refused' });
    nextStep();
    const renewed = await desk.auth.renewRecoveryCodes(who, { current, code: codeOf(desk, secret) });
    expect(renewed.ok && renewed.value.recoveryCodes).toHaveLength(recoveryCodeCount);
    expect(await answerOf({ code: recoveryCodes[0] ?? '' })).toBe('wrong-code');
    expect(await answerOf({ code: renewed.ok ? (renewed.value.recoveryCodes[0] ?? '') : '' })).toBe('ok');
  });

  async function signInWith(): Promise<string> {
    nextStep();
    const answer = await attempt({ code: codeOf(desk, secret), address: from.address });
    if (!answer.ok) throw new Error(answer.code);
    return sentBack(answer.value.cookie);
  }
});

test('an analyst may enrol, and give it up with password and code', async () => {
  const enrolled = await enrol(desk, await addUser(desk.auth, 'anton', 'analyst'), 'anton');
  const who = identityOf(sentBack(enrolled.answer.cookie));
  const current = ownPassword('anton');
  nextStep();
  expect(await desk.auth.removeFactor(who, { current, code: '000000' }, from)).toMatchObject({
    code: 'code-refused',
  });
  const removed = await desk.auth.removeFactor(who, { current, code: codeOf(desk, enrolled.secret) }, from);
  expect(removed).toMatchObject({ ok: true });
  expect(await answerOf({ name: 'anton', password: current })).toBe('ok');
});

test('without the rule an admin goes without, and may give it up', async () => {
  const simulation = await openAuth();
  const header = await claimAdmin(simulation.auth);
  expect(simulation.auth.identify({ cookie: header })?.due).toBeNull();
  await simulation.store.close();
});
