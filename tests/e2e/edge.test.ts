import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deskEnv, metricsToken, openEdgeDesk, sourceToken, type EdgeDesk } from './edge-desk.ts';
import { openRaw, say, statusOf, upgradeOf } from './raw-connection.ts';
import { spawnSiaga } from './siaga-process.ts';

let desk: EdgeDesk;

beforeAll(async () => {
  desk = await openEdgeDesk({
    socketMessages: 10_000,
    unknownEvents: 100,
    socketsPerUser: 200,
    socketsPerAddress: 1_000,
    connectionsPerAddress: 1_000,
    requestsPerSecond: 1_000,
  });
});
afterAll(() => desk?.close());

const request = (head: string, headers: readonly string[] = []): string =>
  [head, `Host: 127.0.0.1:${desk.port}`, ...headers, 'Connection: close', '', ''].join('\r\n');

/** The same process, which answers. */
async function expectAlive(): Promise<void> {
  expect(statusOf(await say(desk, request('GET /readyz HTTP/1.1')))).toBe(200);
  expect(desk.siaga.output()).not.toMatch(/uncaught|unhandled|died/i);
}

describe('requests that are no requests', () => {
  it('S-07: headers of an upgrade that are slow to match are answered at once', async () => {
    const hostile = [
      ['Sec-WebSocket-Protocol', 'a,'.repeat(7_000)],
      ['Sec-WebSocket-Protocol', `a${' '.repeat(14_000)}b`],
      ['Sec-WebSocket-Extensions', 'permessage-deflate;'.repeat(700)],
      ['Sec-WebSocket-Extensions', `a; b="${'\\"'.repeat(6_000)}`],
      ['Sec-WebSocket-Key', 'A'.repeat(14_000)],
      ['Cookie', 'siaga=;'.repeat(2_000)],
      ['Cookie', `siaga=${' '.repeat(14_000)}x`],
      ['Origin', `https://${'a.'.repeat(7_000)}`],
      ['X-Forwarded-For', '1.1.1.1, '.repeat(1_500)],
      ['Sec-WebSocket-Protocol', 'a,'.repeat(32_768)],
    ] as const;
    const times: number[] = [];
    for (const [name, value] of hostile) {
      const begun = performance.now();
      const head = upgradeOf(desk.port, [`Origin: ${desk.siaga.url}`, `${name}: ${value}`]);
      const answer = await say(desk, head, 300);
      expect([0, 101, 400, 403, 431]).toContain(statusOf(answer));
      const ping = performance.now();
      await say(desk, request('GET /healthz HTTP/1.1'));
      times.push(performance.now() - ping, Math.min(300, ping - begun));
    }
    console.log(
      `pathological headers: the next request took ${Math.max(...times.filter((_t, n) => n % 2 === 0)).toFixed(0)} ms at most`,
    );
    await expectAlive();
  });

  it('S-10: names of prototypes and 2,001 headers change nothing, on every port', async () => {
    const names = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', '__defineGetter__'];
    const evil = names.flatMap((name) => [`${name}: x`, `${name}: y`]);
    const many = Array.from({ length: 2_001 }, (_value, n) => `h${n}: 1`);
    const token = [`Authorization: Bearer ${metricsToken}`];
    for (const path of ['/', '/api/session', '/healthz', '/metrics', '/ingest/v1/feed/']) {
      const status = statusOf(await say(desk, request(`GET ${path} HTTP/1.1`, [...evil, ...token])));
      expect([200, 400, 401, 404]).toContain(status);
      expect(statusOf(await say(desk, request(`GET ${path} HTTP/1.1`, many)))).toBe(431);
    }
    const few = Array.from({ length: 101 }, (_value, n) => `h${n}: 1`);
    expect(statusOf(await say(desk, request('GET / HTTP/1.1', few)))).toBe(431);
    expect([400, 431]).toContain(statusOf(await say(desk, upgradeOf(desk.port, many), 500)));
    expect(statusOf(await say(desk, upgradeOf(desk.port, few), 500))).toBe(400);
    await say({ port: desk.syslogPort }, request('GET / HTTP/1.1', [...evil, ...many]), 200);
    await expectAlive();
    expect((await desk.reached())['headers']).toBeGreaterThan(0);
  });

  it('S-12: a hundred thousand parameters in three notations are refused', async () => {
    const cookie = [`Cookie: ${desk.cookie}`];
    const begun = performance.now();
    for (const count of [2_000, 100_000]) {
      const notations = ['a=&'.repeat(count), 'a[]=&'.repeat(count), `filter=${'x,'.repeat(count)}`];
      for (const query of notations) {
        const answer = await say(desk, request(`GET /api/events?from=0&to=1&${query} HTTP/1.1`, cookie));
        expect(statusOf(answer)).toBe(count === 100_000 ? 431 : 400);
        const body = `a=&${query}`;
        const form = [
          ...cookie,
          'Content-Type: application/x-www-form-urlencoded',
          `Origin: ${desk.siaga.url}`,
          `Content-Length: ${body.length}`,
        ];
        const posted = await say(desk, request('POST /api/session HTTP/1.1', form) + body);
        expect([413, 415]).toContain(statusOf(posted));
      }
    }
    console.log(`parameters: 12 requests in ${(performance.now() - begun).toFixed(0)} ms`);
    await expectAlive();
  });

  it('S-13: one byte more than a body may have is 413', async () => {
    const post = (path: string, length: number, headers: readonly string[]) =>
      say(
        desk,
        request(`POST ${path} HTTP/1.1`, [
          `Content-Length: ${length}`,
          `Origin: ${desk.siaga.url}`,
          ...headers,
        ]) + ' '.repeat(1_000),
      );
    const json = ['Content-Type: application/json', `Cookie: ${desk.cookie}`];
    for (const path of ['/api/session', '/api/session/password', '/api/alerts/none/close'])
      expect([path, statusOf(await post(path, 65_537, json))]).toEqual([path, 413]);
    const lines = ['Content-Type: text/plain', `Authorization: Bearer ${sourceToken}`];
    expect(statusOf(await post('/ingest/v1/feed', 8 * 1_048_576 + 1, lines))).toBe(413);
    await expectAlive();
  });

  it('TRACE, CONNECT and methods that no route has are refused', async () => {
    for (const method of ['TRACE', 'PUT', 'PROPFIND', 'OPTIONS', 'DELETE'])
      expect(statusOf(await say(desk, request(`${method} /api/users HTTP/1.1`)))).toBe(404);
    expect(
      await say(desk, 'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n', 1_000),
    ).not.toContain('200');
  });

  it('S-45: a foreign host name finds nothing', async () => {
    const answer = await say(
      desk,
      'GET /api/session HTTP/1.1\r\nHost: rebind.example\r\nConnection: close\r\n\r\n',
    );
    expect(statusOf(answer)).toBe(421);
  });
});

describe('sockets', () => {
  const origin = () => desk.siaga.url;

  it('S-15: there is no polling, and a packet too large closes its own socket only', async () => {
    const polling = await say(
      desk,
      request('GET /live/?EIO=4&transport=polling HTTP/1.1', [`Origin: ${origin()}`]),
    );
    expect(statusOf(polling)).toBe(400);
    const [noisy, calm] = await Promise.all([openRaw(desk), openRaw(desk)]);
    noisy?.send(`42["live:subscribe","${'x'.repeat(4_096)}"]`);
    expect(await noisy?.closed()).toBe(true);
    calm?.send('421["frames:resync",{"after":0}]');
    await expect.poll(() => calm?.text()).toContain('431[');
    calm?.socket.destroy();
    await expectAlive();
  });

  it('S-16: attachments that are announced and never sent close the socket', async () => {
    for (const packet of [
      '451000000-["x",{"_placeholder":true,"num":0}]',
      '451-["x",{"_placeholder":true,"num":0}]',
      '461-1["x"]',
      '4510-["x"]',
    ]) {
      const raw = await openRaw(desk);
      raw.send(packet);
      expect([packet, await raw.closed()]).toEqual([packet, true]);
    }
    const binary = await openRaw(desk);
    binary.send('x', 2);
    expect(await binary.closed()).toBe(true);
    await expectAlive();
  });

  it('S-17: packets of every odd shape and hand-shakes of every odd query leave the process alive', async () => {
    const shapes = [
      '2',
      '2{}',
      '2[]',
      '2[{}]',
      '2[1]',
      '2[null]',
      '2[["live:subscribe"]]',
      '2[{"toString":"x"},1]',
      '42["error"]',
      '42["error",{}]',
      '3[]',
      '43["x"]',
      '43999["x"]',
      '44"x"',
      '44{}',
      '41',
      '40',
      '40/admin,',
      '40{"__proto__":1}',
      '42/admin,["x"]',
      '47',
      '4',
      '9',
      '',
      '0{}',
      '1',
      '3probe',
      '5',
      '6',
      '42[',
      '42["x"',
      '42[\u0000]',
      '42-1["x"]',
      `42${'9'.repeat(400)}["x"]`,
      '4'.repeat(4_000),
    ];
    for (const shape of shapes.flatMap((each) => [each, `4${each}`])) {
      const raw = await openRaw(desk);
      raw.send(shape);
      raw.socket.end();
    }
    const queries = [
      'EIO=4&transport=websocket&sid=__proto__',
      'EIO=4&transport=websocket&sid=constructor',
      'EIO=3&transport=websocket',
      'EIO=x&transport=websocket',
      'transport=websocket',
      'EIO=4',
      'EIO=4&transport=__proto__',
      'EIO=4&transport=webtransport',
      'EIO=4&transport=websocket&transport=polling',
      '%00',
      'EIO=4&transport[]=websocket',
      '__proto__[x]=1&EIO=4&transport=websocket',
    ];
    for (const query of queries) {
      await say(desk, upgradeOf(desk.port, [`Origin: ${origin()}`], query), 50);
      await say(desk, request(`GET /live/?${query} HTTP/1.1`), 500);
    }
    await expectAlive();
    console.log(`events: ${shapes.length} shapes and ${queries.length} hand-shakes`);
  });

  it('S-19: every origin but the own ones is refused, and so is none', async () => {
    const { port } = desk;
    const foreign = [
      'https://evil.example',
      'null',
      'https://siaga.example.evil.example',
      'https://a.siaga.example',
      'https://siaga.example:8443',
      'http://siaga.example',
      'https://siaga.example/',
      `http://127.0.0.1:${port + 1}`,
      `https://127.0.0.1:${port}`,
      '',
      'file://',
      `http://127.0.0.1:${port}.evil.example`,
    ];
    for (const each of foreign) {
      const answer = await say(desk, upgradeOf(port, [`Origin: ${each}`, `Cookie: ${desk.cookie}`]), 1_000);
      expect([each, statusOf(answer)]).toEqual([each, 400]);
    }
    expect(statusOf(await say(desk, upgradeOf(port, [`Cookie: ${desk.cookie}`]), 1_000))).toBe(400);
    const own = await say(desk, upgradeOf(port, [`Origin: ${origin()}`, `Cookie: ${desk.cookie}`]), 300);
    expect(statusOf(own)).toBe(101);
  });

  it('S-20: nothing is allowed across origins', async () => {
    for (const path of ['/api/session', '/live/?EIO=4&transport=websocket', '/', '/healthz'])
      for (const method of ['GET', 'OPTIONS']) {
        const answer = await say(
          desk,
          request(`${method} ${path} HTTP/1.1`, [
            'Origin: https://evil.example',
            'Access-Control-Request-Method: GET',
          ]),
          1_000,
        );
        expect(answer.toLowerCase()).not.toContain('access-control-allow');
      }
  });
});

it('S-45: production does not start with the inspector on', async () => {
  for (const env of [{ NODE_OPTIONS: '--inspect=127.0.0.1:0' }]) {
    const other = join(desk.folder, 'inspected');
    await mkdir(other, { recursive: true });
    const child = spawnSiaga({
      folder: other,
      args: ['--config', join(desk.folder, 'siaga.yaml')],
      env: { ...env, ...deskEnv },
    });
    expect(await child.exit).toBe(2);
    expect(child.output()).toContain('inspector is on');
  }
});
