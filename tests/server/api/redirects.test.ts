import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isScreenPath, maxNextLength } from '../../../server/api/screen-path.ts';
import { policyTable, screenPaths } from '../../../server/api/routes.ts';
import { openOidcDesk, person, type OidcDesk } from '../auth/oidc/support.ts';
import { openApi } from './support.ts';

let desk: OidcDesk;
beforeAll(async () => {
  desk = await openOidcDesk({ people: { s1: person('siti', 'viewer') } });
});
afterAll(() => desk.close());

const hostile = [
  '//evil.example',
  '///evil.example',
  '////evil.example/..',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/%09/evil.example',
  '/%2f%2fevil.example',
  '/%5cevil.example',
  'https://evil.example',
  'https:evil.example',
  'http:///evil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  'evil.example',
  '@evil.example',
  '/@evil.example',
  '/.evil.example',
  '/alerts/../..//evil.example',
  '/alerts/..//evil.example',
  '/alerts/%2e%2e//evil.example',
  '/wall/',
  '/wallx',
  '/api/session',
  '/api/oidc/begin?next=/',
  '/ingest/v1/a',
  '/unknown',
  '/?a\r\nSet-Cookie:%20a=b',
  '/?a\u0000',
  '/?ａ',
  '/#fragment',
  '',
  ' /',
  '/ ',
  `/?${'a'.repeat(maxNextLength)}`,
];

const own = [
  '/',
  '/wall',
  '/wall?diagonal=55',
  '/alerts',
  '/alerts/0b7e',
  '/investigate?from=1&to=2&text=%2F%2Fevil.example&filter=a%3Db',
  '/?next=//evil.example',
  '/alerts//evil.example',
  '/parties/P01',
];

describe('where signing in may end', () => {
  test.each(hostile)('not at %j', async (next) => {
    expect(isScreenPath(next, screenPaths)).toBe(false);
    const answer = await desk.api.ask(`/api/oidc/begin?next=${encodeURIComponent(next)}`);
    expect(answer.status).toBe(400);
    expect(answer.headers.location).toBeUndefined();
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test.each(own)('at %j, as it was asked', async (next) => {
    const { pages } = await desk.signIn('s1', { next });
    expect(pages.at(-2)?.headers.location).toBe(next);
    const page = new URL(pages.at(-2)?.headers.location ?? '', desk.origin);
    expect(page.origin).toBe(desk.origin);
  });
});

describe('redirects', () => {
  test('go to the provider and to own screens only, of all that is asked', async () => {
    const provider = `${desk.provider.issuer}/auth?`;
    const queries = ['', ...[...own, ...hostile].map((next) => `?next=${encodeURIComponent(next)}`)];
    const callbacks = [
      'code=a',
      'error=access_denied',
      'state=a&iss=https%3A%2F%2Fevil.example',
      'error_uri=//evil.example',
    ];
    const paths = [
      ...queries.map((query) => `/api/oidc/begin${query}`),
      ...callbacks.map((query) => `/api/oidc/callback?${query}`),
    ];
    const answers = await Promise.all(paths.map((path) => desk.api.ask(path)));
    const locations = answers.flatMap(({ headers }) => headers.location ?? []);
    expect(locations.length).toBeGreaterThan(own.length);
    for (const location of locations)
      expect(location.startsWith(provider) || isScreenPath(location, screenPaths)).toBe(true);
  });

  test('come from the two routes of this flow and from nothing else', async () => {
    for (const { method, path } of policyTable) {
      const target = path.replaceAll(/:[a-z]+|\*[a-z]+/g, 'none');
      const { headers, status } = await desk.api.ask(`${target}?next=//evil.example`, { method });
      if (!path.startsWith('/api/oidc/')) expect([path, headers.location]).toEqual([path, undefined]);
      expect([301, 302, 307, 308]).not.toContain(status);
    }
  });

  test('are not there without a provider in the configuration', async () => {
    const api = await openApi();
    expect((await api.ask('/api/oidc')).json).toEqual({ enabled: false, label: null });
    expect((await api.ask('/api/oidc/begin')).status).toBe(404);
    expect((await api.ask('/api/oidc/callback?code=a&state=b')).status).toBe(404);
    await api.close();
  });
});
