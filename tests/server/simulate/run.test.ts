import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm, stat, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { placeholderParties } from '../../../server/config/placeholder-parties.ts';
import { openDemoLog, quietBeforeNewMs } from '../../../server/simulate/demo-log.ts';
import { startSimulation } from '../../../server/simulate/run.ts';
import { readLine, startMs } from './simulated.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'siaga-simulate-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the demo log', () => {
  it('begins anew with another file in the place of an old one', async () => {
    const path = join(folder, 'demo', 'access.log');
    await mkdir(join(folder, 'demo'));
    await writeFile(path, 'old\n');
    const { ino } = await stat(path);
    const log = await openDemoLog(path);
    await log.append(['a', 'b'], startMs);
    expect(await readFile(path, 'utf8')).toBe('a\nb\n');
    expect((await stat(path)).ino).not.toBe(ino);
  });

  it('begins anew at its limit, after a silence in which it keeps the lines', async () => {
    const path = join(folder, 'access.log');
    const log = await openDemoLog(path, 4);
    await log.append(['full'], startMs);
    await log.append(['kept'], startMs + quietBeforeNewMs - 1);
    expect(await readFile(path, 'utf8')).toBe('full\n');
    await log.append(['new'], startMs + quietBeforeNewMs);
    expect(await readFile(path, 'utf8')).toBe('kept\nnew\n');
  });
});

describe('the running simulation', () => {
  let server: Server;
  let url = '';
  const bodies: string[] = [];
  let received: () => void = () => undefined;
  beforeEach(async () => {
    bodies.length = 0;
    let refuse = true;
    server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        // The first request is refused, as by a server that is just starting.
        response.statusCode = refuse ? 503 : 200;
        if (!refuse)
          bodies.push(`${request.url} ${request.headers.authorization}\n${Buffer.concat(pieces).toString()}`);
        response.end('{}', refuse ? undefined : received);
        refuse = false;
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it('comes in by the file and over HTTP', async () => {
    let now = startMs;
    let tick: () => void = () => undefined;
    const complaints: unknown[] = [];
    const arrived = new Promise<void>((resolve) => {
      received = resolve;
    });
    const simulation = await startSimulation({
      configuration: { dataDir: folder, parties: placeholderParties },
      url,
      token: 'the-token',
      now: () => now,
      log: (complaint) => complaints.push(complaint),
      seed: 1,
      every: (callback) => {
        tick = callback;
        return { stop: () => undefined };
      },
    });
    now += 9_000;
    tick();
    await arrived;
    await simulation.stop();
    const lines = (await readFile(join(folder, 'demo', 'access.log'), 'utf8')).trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(50);
    expect(lines.map(readLine).every(({ at }) => at <= now)).toBe(true);
    const [head = '', ...events] = bodies.join('').trimEnd().split('\n');
    expect(head).toBe('/ingest/v1/sipol Bearer the-token');
    expect(events.length).toBeGreaterThan(5);
    expect(JSON.parse(events[0] ?? '')).toMatchObject({ 'event.action': 'user-login' });
    expect(complaints).toEqual([]);
  });
});
