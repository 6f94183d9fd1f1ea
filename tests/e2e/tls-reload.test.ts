import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort, privateFolder, spawnSiaga, writeRegister } from './siaga-process.ts';

let folder: Awaited<ReturnType<typeof privateFolder>>;
let siaga: ReturnType<typeof spawnSiaga>;
let port = 0;
const path = (name: string): string => join(folder.folder, name);

/** A new key and a certificate of it for that name, in the place of those before. */
async function certify(name: string): Promise<string> {
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
  const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const files = ['-keyout', path('key.pem'), '-out', path('cert.pem')];
  execFileSync('openssl', [...kind, '-days', '2', ...subject, ...files], { stdio: 'ignore' });
  await chmod(path('key.pem'), 0o600);
  return readFileSync(path('cert.pem'), 'utf8');
}

/** A connection whose client trusts that certificate only; rejects when the server shows another. */
function open(name: string, trusted: string): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, ca: [trusted], servername: name }, () =>
      resolve(socket),
    );
    socket.on('error', reject);
  });
}

const ask = (socket: TLSSocket): Promise<string> =>
  new Promise((resolve) => {
    socket.once('data', (bytes: Buffer) => resolve(bytes.toString()));
    socket.write(`GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  });

const loaded = (): number => siaga.output().split('certificate:loaded').length - 1;

/** What tells a signal from the look at the files, which comes each five seconds and finds nothing new now. */
async function hangUp(): Promise<void> {
  const before = loaded();
  siaga.child.kill('SIGHUP');
  await expect.poll(loaded, { timeout: 1_000, interval: 10 }).toBeGreaterThan(before);
}

let first = '';
beforeAll(async () => {
  folder = await privateFolder();
  first = await certify('first.example');
  port = await freePort();
  const lines = [
    `parties: ${await writeRegister(folder.folder)}`,
    `server: { tls: { cert: cert.pem, key: key.pem } }`,
    'limits: { keepAliveTime: 1m }',
    'sources: [{ id: web, kind: file, path: web.log, format: combined }]',
    '',
  ];
  await writeFile(path('siaga.yaml'), lines.join('\n'));
  await writeFile(path('web.log'), '');
  siaga = spawnSiaga({ folder: folder.folder, args: ['--config', path('siaga.yaml')], port });
  await vi.waitFor(() => expect(siaga.output()).toContain('Siaga is running at'), 30_000);
});
afterAll(async () => {
  siaga?.child.kill('SIGTERM');
  await siaga?.exit;
  await folder?.remove();
});

describe('the built server on SIGHUP', () => {
  it('reads its certificate again, also where nothing changed', async () => {
    await hangUp();
    const socket = await open('first.example', first);
    expect(await ask(socket)).toContain('200 OK');
    socket.destroy();
  });

  it('shows a renewed certificate to new connections, and keeps those it has', async () => {
    const old = await open('first.example', first);
    expect(await ask(old)).toContain('200 OK');
    const second = await certify('second.example');
    await hangUp();
    const fresh = await open('second.example', second);
    expect(await ask(fresh)).toContain('200 OK');
    await expect(open('first.example', first)).rejects.toThrow(/certificate|altname/i);
    expect(await ask(old)).toContain('200 OK');
    for (const socket of [old, fresh]) socket.destroy();
  });

  it('keeps the old one where the new one is none, says so, and goes on', async () => {
    const valid = readFileSync(path('cert.pem'), 'utf8');
    await writeFile(path('cert.pem'), 'half a fi');
    siaga.child.kill('SIGHUP');
    await expect.poll(siaga.output, { timeout: 2_000 }).toContain('certificate:refused');
    const socket = await open('second.example', valid);
    expect(await ask(socket)).toContain('200 OK');
    socket.destroy();
    expect(siaga.child.exitCode).toBe(null);
  });
});
