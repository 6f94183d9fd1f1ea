import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServerTls } from '../../../server/config/configuration.ts';
import { nodeFiles } from '../../../server/config/file-access.ts';
import { readKeyPair } from '../../../server/config/pem.ts';
import { createEdge } from '../../../server/edge/edge.ts';
import { createTlsReload } from '../../../server/edge/tls-reload.ts';
import { createWebServer } from '../../../server/edge/web-server.ts';
import { defaultLimits } from '../../../server/limits/limits.ts';
import { certify } from '../../certificates.ts';
import { configurationOf, loadYaml, problemsOf } from '../config/load.ts';

let folder = '';
let server: Server;
let port = 0;
let tls: ServerTls;
let look: () => void = () => undefined;
let log: string[] = [];

const paths = () => ({ cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'siaga-tls-'));
  certify('first.example', paths());
  const pair = readKeyPair(nodeFiles, paths());
  if (!pair.ok) throw new Error(pair.message);
  tls = { paths: paths(), pair: pair.value, minVersion: 'TLSv1.2' };
  log = [];
  const edge = createEdge({
    limits: defaultLimits,
    trustedProxies: [],
    delayMs: () => 0,
    now: () => 0,
    log: () => undefined,
  });
  server = createWebServer(edge, tls, (_request, response) => void response.end('hello')) as Server;
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
  createTlsReload({
    server,
    tls,
    every: (callback) => {
      look = callback;
      return { cancel: () => undefined };
    },
    log: ({ event, detail }) => log.push(`${event} ${detail}`),
  });
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => void server.close(resolve));
  rmSync(folder, { recursive: true });
});

const open = (options: ConnectionOptions = {}): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options }, () =>
      resolve(socket),
    );
    socket.on('error', reject);
  });
const nameOf = (socket: TLSSocket) => socket.getPeerCertificate().subject.CN;
const ask = (socket: TLSSocket): Promise<string> =>
  new Promise((resolve) => {
    socket.once('data', (bytes: Buffer) => resolve(bytes.toString()));
    socket.write('GET / HTTP/1.1\r\nHost: first.example\r\n\r\n');
  });

describe('a server with TLS', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('speaks %s', async (version) => {
    const socket = await open({ minVersion: version, maxVersion: version });
    expect(socket.getProtocol()).toBe(version);
    expect(await ask(socket)).toContain('200 OK');
    socket.destroy();
  });

  it.each(['TLSv1', 'TLSv1.1'] as const)('does not speak %s', async (version) => {
    const old = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT:@SECLEVEL=0' } as const;
    await expect(open(old)).rejects.toThrow();
  });

  it('S-43: speaks HTTP/1.1 only', async () => {
    await expect(open({ ALPNProtocols: ['h2'] })).rejects.toThrow(/no application protocol/);
  });

  it('takes a renewed certificate into use, and keeps the connections it has', async () => {
    const old = await open();
    expect(nameOf(old)).toBe('first.example');
    look();
    expect(log).toEqual([]);
    certify('second.example', paths());
    look();
    expect(log).toEqual([`certificate:loaded ${tls.paths.cert}`]);
    const fresh = await open();
    expect(nameOf(fresh)).toBe('second.example');
    expect(await ask(old)).toContain('200 OK');
    for (const socket of [old, fresh]) socket.destroy();
  });

  it('keeps the old certificate when the new one is none, or its key is open to others', async () => {
    writeFileSync(tls.paths.cert, 'half a fi');
    look();
    certify('second.example', paths());
    chmodSync(tls.paths.key, 0o644);
    look();
    expect(log).toEqual([
      `certificate:refused ${tls.paths.cert}: found something else, expected a certificate in PEM`,
      `certificate:refused ${tls.paths.key}: found permissions 0644, expected 0600 or narrower (chmod 600)`,
    ]);
    const socket = await open();
    expect(nameOf(socket)).toBe('first.example');
    socket.destroy();
  });
});

describe('server.tls in the configuration', () => {
  const rest = 'parties: parties.csv\nsources:\n  - { id: a, kind: file, path: a.log }\n';
  const load = (line: string, mode = 0o600) =>
    loadYaml(`server:\n  tls: ${line}\n${rest}`, {
      files: {
        '/etc/siaga/cert.pem': tls.pair.cert,
        '/etc/siaga/key.pem': { text: tls.pair.key, mode },
      },
    });

  it('is read with its key, and makes cookies secure', () => {
    const { server: read } = configurationOf(load('{ cert: cert.pem, key: key.pem, minVersion: 1.3 }'));
    expect(read).toMatchObject({ secureCookies: true, tls: { minVersion: 'TLSv1.3', pair: tls.pair } });
  });

  it.each([
    ['{ cert: cert.pem }', 'server.tls.key: found nothing, expected a path'],
    ['{ cert: none.pem, key: key.pem }', 'server.tls.cert: found no such file, expected one that exists'],
    [
      '{ cert: key.pem, key: key.pem }',
      'server.tls.cert: found something else, expected a certificate in PEM',
    ],
    [
      '{ cert: cert.pem, key: key.pem, minVersion: 1.1 }',
      'server.tls.minVersion: found number 1.1, expected 1.2 or 1.3',
    ],
  ])('%s is refused', (line, problem) => {
    expect(problemsOf(load(line))).toEqual([`siaga.yaml:2: ${problem}`]);
  });

  it('is refused when others may read the key', () => {
    expect(problemsOf(load('{ cert: cert.pem, key: key.pem }', 0o640))).toEqual([
      'siaga.yaml:2: server.tls.key: found permissions 0640, expected 0600 or narrower (chmod 600)',
    ]);
  });
});
