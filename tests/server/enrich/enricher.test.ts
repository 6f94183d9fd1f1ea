import { describe, expect, it } from 'vitest';
import { createEnricher } from '../../../server/enrich/enricher.ts';
import { classifyAgent } from '../../../server/enrich/client-class.ts';
import { emptyEvent } from '../../../shared/event/empty-event.ts';
import { loginResult, type SiagaEvent } from '../../../shared/event/fields.ts';

const parties = [
  { id: 'P07', name: 'Partai Nasional 07', kind: 'national', number: 7, expectedSince: '2026-08-01' },
  { id: 'A4', name: 'Partai Lokal Aceh 04', kind: 'aceh', number: 4, expectedSince: '2026-08-01' },
] as const;
const logins = {
  method: 'POST',
  paths: ['/login'],
  success: [302],
  failure: [200, 401],
  blocked: [403, 429],
};
const event = (fields: Partial<SiagaEvent>): SiagaEvent => ({
  ...emptyEvent(),
  'event.dataset': 'account',
  ...fields,
});
const enricher = () => createEnricher({ parties, accounts: [['operator07', 'P07']] });

describe('the party of an event', () => {
  it.each([
    ['P07', 'national'],
    ['A4', 'aceh'],
    ['P99', 'unknown'],
    ['__proto__', 'unknown'],
  ])('%s is %s', (id, kind) => {
    const given = event({ 'organization.id': id });
    enricher()(given, null);
    expect(given['siaga.party.kind']).toBe(kind);
  });

  it('comes from what was learnt of its account when the source does not name it', () => {
    const given = event({ 'user.name': 'operator07' });
    enricher()(given, null);
    expect(given).toMatchObject({ 'organization.id': 'P07', 'siaga.party.kind': 'national' });
  });

  it('is learnt from a login that succeeded, never from one that failed', () => {
    const enrich = enricher();
    const attempt = (outcome: string, user: string) =>
      enrich(
        event({
          'event.action': 'user-login',
          'event.outcome': outcome,
          'user.name': user,
          'organization.id': 'A4',
        }),
        null,
      );
    attempt('failure', 'intruder');
    attempt('success', 'adminA4');
    const [intruder, admin] = ['intruder', 'adminA4'].map((user) => event({ 'user.name': user }));
    if (!intruder || !admin) throw new Error('two events were made');
    enrich(intruder, null);
    enrich(admin, null);
    expect([intruder['organization.id'], admin['organization.id']]).toEqual([null, 'A4']);
  });

  it('is that of the account acted upon', () => {
    const given = event({
      'user.name': 'pusat',
      'user.target.name': 'operator07',
      'event.action': 'password-reset',
    });
    enricher()(given, null);
    expect(given['organization.id']).toBe('P07');
  });
});

describe('a request to a login path', () => {
  const request = (fields: Partial<SiagaEvent>) =>
    event({ 'event.dataset': 'access', 'http.request.method': 'POST', 'url.path': '/login', ...fields });

  it.each([
    [302, 'success'],
    [401, 'failure'],
    [200, 'failure'],
    [429, 'blocked'],
    [500, null],
  ] as const)('answered %i is %s', (status, result) => {
    const given = request({ 'http.response.status_code': status });
    enricher()(given, logins);
    expect(loginResult(given)).toBe(result);
  });

  it.each([
    ['by another method', { 'http.request.method': 'GET' }],
    ['to another path', { 'url.path': '/login/help' }],
  ])('%s stays a request', (_how, fields) => {
    const given = request({ 'http.response.status_code': 401, ...fields });
    enricher()(given, logins);
    expect(loginResult(given)).toBeNull();
  });

  it('stays a request where login events come by another source', () => {
    const given = request({ 'http.response.status_code': 401 });
    enricher()(given, null);
    expect(loginResult(given)).toBeNull();
  });
});

describe('the address of an event', () => {
  const lookUp = () => ({ country: 'ID', network: { number: 64_496, organization: 'Contoh' } });
  const enrich = createEnricher({ parties, accounts: [], lookUp });
  const enriched = (fields: Partial<SiagaEvent>) => {
    const given = event(fields);
    enrich(given, null);
    return [
      given['source.geo.country_iso_code'],
      given['source.as.number'],
      given['source.as.organization.name'],
    ];
  };

  it('has a country and a network', () => {
    expect(enriched({ 'source.ip': '192.0.2.1' })).toEqual(['ID', 64_496, 'Contoh']);
  });

  it('keeps those that the source names', () => {
    const named = { 'source.geo.country_iso_code': 'SG', 'source.as.number': 64_500 };
    expect(enriched({ 'source.ip': '192.0.2.1', ...named })).toEqual(['SG', 64_500, null]);
  });

  it('has none when there is no address', () => {
    expect(enriched({})).toEqual([null, null, null]);
  });
});

describe('the class of a client', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0', 'browser'],
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'bot'],
    ['curl/8.5.0', 'tool'],
    ['python-requests/2.31', 'tool'],
    ['sqlmap/1.8#stable (https://sqlmap.org)', 'scanner'],
    ['Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)', 'scanner'],
    ['', 'none'],
    [null, 'none'],
  ] as const)('%s is %s', (agent, expected) => {
    expect(classifyAgent(agent)).toBe(expected);
  });
});
