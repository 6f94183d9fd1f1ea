import { afterEach, expect, test } from 'vitest';
import { sessionSchema } from '../../../../shared/api/schemas.ts';
import { openOidcDesk, person, type DeskOptions, type OidcDesk } from './support.ts';

let desk: OidcDesk;
const open = async (options: DeskOptions = {}) => {
  desk = await openOidcDesk({
    people: { s1: person('siti', 'analyst') },
    provider: { onlyInUserinfo: true },
    ...options,
  });
};
afterEach(async () => {
  desk.provider.hold = null;
  await desk.close();
});

const askedForMore = () => desk.provider.heard.filter((line) => line === 'GET /me').length;
const refusedFor = (why: string) => `/?oidc=refused&why=${why}`;

test('name, role and agency that are only in userinfo are read there, once a sign-in', async () => {
  await open();
  const { end, cookie } = await desk.signIn('s1');
  expect(end).toBe('/');
  const { json } = await desk.api.ask('/api/session', { cookie });
  expect(sessionSchema.parse(json).user).toEqual({ name: 'siti', role: 'analyst', agency: 'BSSN' });
  expect(askedForMore()).toBe(1);
});

test('userinfo is not asked for when the ID token says it all', async () => {
  await open({ provider: {} });
  expect((await desk.signIn('s1')).end).toBe('/');
  expect(askedForMore()).toBe(0);
});

test('what the ID token says counts more than userinfo', async () => {
  // The agency is missing there, so that userinfo is asked for.
  await open({ provider: {}, people: { s1: person('siti', 'viewer', { agency: undefined }) } });
  desk.provider.tamperUserinfo = (claims) =>
    Object.assign(claims, { groups: ['siaga-admin'], agency: 'polri' });
  const { cookie } = await desk.signIn('s1');
  const { json } = await desk.api.ask('/api/session', { cookie });
  expect(sessionSchema.parse(json).user).toEqual({ name: 'siti', role: 'viewer', agency: 'POLRI' });
});

test('userinfo about another subject is not believed', async () => {
  await open();
  desk.provider.tamperUserinfo = (claims) => Object.assign(claims, { sub: 'somebody-else' });
  const { end, cookie } = await desk.signIn('s1');
  expect([end, cookie]).toEqual([refusedFor('invalid-answer'), '']);
  expect(desk.faults.join()).toContain('sub');
});

test('a second factor in userinfo proves nothing', async () => {
  await open({ people: { s1: { claims: person('siti', 'viewer').claims, amr: ['pwd'] } } });
  desk.provider.tamperUserinfo = (claims) => Object.assign(claims, { amr: ['mfa'], acr: '2' });
  expect((await desk.signIn('s1')).end).toBe(refusedFor('second-factor'));
});

test('a claim that is nowhere is refused as before', async () => {
  await open({ people: { s1: person('siti', 'viewer', { groups: undefined }) } });
  expect((await desk.signIn('s1')).end).toBe(refusedFor('no-role'));
});

test('a provider that goes away before userinfo is unreachable', async () => {
  await open({ providerTimeoutMs: 300 });
  // The keys are known from then on, so that userinfo is all that is asked for after the token.
  expect((await desk.signIn('s1')).end).toBe('/');
  const { heard } = desk.provider;
  desk.provider.tamper = (token) => {
    desk.provider.hold = new Promise(() => undefined);
    return token;
  };
  expect((await desk.signIn('s1')).end).toBe(refusedFor('unreachable'));
  expect(heard.at(-1)).toBe('GET /me');
});
