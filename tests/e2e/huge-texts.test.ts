import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../server/api/routes.ts';
import { grantsOfRole } from '../../shared/authority.ts';
import { ownPassword } from './browser.ts';
import { openEdgeDesk, type EdgeDesk } from './edge-desk.ts';
import { expectUnaffected, honestClient } from './honest-client.ts';
import { peakDuring, residentOf } from './process-memory.ts';
import { runCommand } from './siaga-command.ts';

const rounds = 2;
const closed = 0;
const allowedGrowthMiB = 64;
const mebibyte = 'x'.repeat(1_048_576);
/** As much as a body of JSON may hold. */
const almost = 'x'.repeat(60_000);

let desk: EdgeDesk;
let viewer = '';
beforeAll(async () => {
  desk = await openEdgeDesk({ requestsPerSecond: 10_000 });
  const added = await runCommand(desk.folder, 'user', 'add', 'vera', '--role', 'viewer');
  const first = await send('POST', '/api/session', { name: 'vera', password: added.out.trim() }, '');
  viewer = first.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const change = { current: added.out.trim(), next: ownPassword };
  const second = await send('POST', '/api/session/password', change, viewer);
  viewer = second.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  expect(second.status).toBe(200);
});
afterAll(() => desk?.close());

const send = (method: string, path: string, body: object, cookie: string): Promise<Response> =>
  fetch(desk.siaga.url + path, {
    method,
    headers: { 'content-type': 'application/json', origin: desk.siaga.url, cookie },
    body: JSON.stringify(body),
  });

/** What any route that takes a body takes in it, and a field that none does. */
const fields = [
  'name',
  'password',
  'code',
  'current',
  'next',
  'proof',
  'reason',
  'note',
  'verdict',
  'role',
  'agency',
  'token',
  'scopes',
  'expiresInDays',
  'detail',
  'network',
  'nobody',
];

/** Every route that writes and that a viewer or an analyst, or nobody in particular, gets through to. */
const writing = routes.filter(
  ({ takes, access }) =>
    takes === 'json' &&
    (access === 'public' ||
      access === 'session' ||
      access in { ...grantsOfRole.viewer, ...grantsOfRole.analyst }),
);

/** Sends a huge text in each field of each route, and once in all together, as everybody of low rights. */
async function sendAll(texts: readonly string[]): Promise<Map<number, number>> {
  const statuses = new Map<number, number>();
  const note = async (answer: Promise<Response>): Promise<void> => {
    // A body that is too large is answered while it is sent: the sender may meet the closed connection first.
    const status = await answer.then(
      (given) => given.status,
      () => closed,
    );
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  };
  for (const { method, path } of writing)
    for (const cookie of [viewer, desk.cookie])
      for (const text of texts) {
        const at = path.replaceAll(/:\w+/g, 'x');
        for (const field of fields) await note(send(method, at, { [field]: text }, cookie));
        const part = text.slice(0, Math.floor(text.length / fields.length));
        await note(send(method, at, Object.fromEntries(fields.map((field) => [field, part])), cookie));
        await note(send(method, path.replaceAll(/:\w+/g, text.slice(0, 15_000)), {}, cookie));
      }
  return statuses;
}

describe('S-32: a text of a mebibyte in every field that low rights may write', () => {
  it('is a route, at least for signing in, for passwords, tokens, alerts and walls', () => {
    const paths = writing.map(({ path }) => path);
    for (const path of ['/api/session', '/api/session/password', '/api/tokens', '/api/alerts/:id/close'])
      expect(paths).toContain(path);
  });

  it('is refused, and neither the memory of the server nor other answers suffer', async () => {
    // The same requests without their size: what they cost as requests is not the question.
    const stopBefore = honestClient(desk);
    for (let round = 0; round < rounds; round += 1) await sendAll(['x', 'y']);
    const before = await stopBefore();
    const base = residentOf(desk.siaga.pid);
    const stop = honestClient(desk);
    const sums = new Map<number, number>();
    const peak = await peakDuring(desk.siaga.pid, async () => {
      for (let round = 0; round < rounds; round += 1)
        for (const [status, count] of await sendAll([mebibyte, almost]))
          sums.set(status, (sums.get(status) ?? 0) + count);
    });
    const during = await stop();
    const told = [...sums].toSorted(([a], [b]) => a - b).map(([status, count]) => `${count} × ${status}`);
    console.log(
      `${writing.length} routes: ${told.join(', ')}; ${(peak - base).toFixed(1)} MiB over ${base.toFixed(0)} at most; an honest client: ${expectUnaffected(before, during)}`,
    );
    expect([...sums.keys()].filter((status) => status !== closed && (status < 400 || status >= 500))).toEqual(
      [],
    );
    expect(sums.get(413)).toBeGreaterThan(0);
    expect(sums.get(400)).toBeGreaterThan(0);
    expect(peak - base).toBeLessThan(allowedGrowthMiB);
  });
});
