import { afterAll, beforeAll, expect, test } from 'vitest';
import { openOidcDesk, person, type OidcDesk } from './support.ts';

let desk: OidcDesk;
beforeAll(async () => {
  desk = await openOidcDesk({ people: { s1: person('Siti', 'analyst') } });
});
afterAll(() => desk.close());

test('signs in', async () => {
  const walk = await desk.signIn('s1', { next: '/investigate?from=1' });
  console.log(
    walk.pages.map((p) => `${p.status} ${p.url.href}`),
    walk.cookie,
    desk.faults,
    await desk.notes(),
  );
  expect(walk.end).toBe('/investigate?from=1');
});
