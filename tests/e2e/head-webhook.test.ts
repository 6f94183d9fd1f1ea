import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditAnswerSchema, auditHeadSchema, type HeadExportState } from '../../shared/api/audit.ts';
import { createAuthority, type Authority, type CertificateFiles } from '../certificates.ts';
import { claimAdmin } from './claim-admin.ts';
import { privateFolder, startSiaga, type SiagaProcess } from './siaga-process.ts';

const token = 'token-of-the-collector-0001';
const metricsToken = 'token-of-the-scraper-000002';

interface Post {
  readonly authorization: string | undefined;
  readonly body: string;
}

let folder: Awaited<ReturnType<typeof privateFolder>>;
let known: Authority;
let unknown: Authority;
let runs = 0;
beforeAll(async () => {
  folder = await privateFolder();
  known = createAuthority(folder.folder, 'known');
  unknown = createAuthority(folder.folder, 'unknown');
});
afterAll(() => folder?.remove());

let collector: Server;
let url: string;
let posts: Post[];
let siaga: SiagaProcess | null;
beforeEach(async () => {
  posts = [];
  siaga = null;
  collector = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => void (body += chunk.toString()));
    request.on('end', () => {
      posts.push({ authorization: request.headers.authorization, body });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => void collector.listen(0, 'localhost', resolve));
  url = `https://localhost:${(collector.address() as AddressInfo).port}/heads`;
});
afterEach(async () => {
  await siaga?.stop();
  collector.closeAllConnections();
  collector.close();
});

const present = ({ cert, key }: CertificateFiles): void =>
  collector.setSecureContext({ cert: readFileSync(cert), key: readFileSync(key) });

/** The built server in production, which sends its heads to the collector and trusts the known authority beside the usual ones. */
async function start(): Promise<SiagaProcess> {
  const own = join(folder.folder, `run-${(runs += 1)}`);
  await mkdir(own);
  await writeFile(
    join(own, 'parties.csv'),
    'id,name,kind,number,expectedSince\nP01,Partai,national,1,2026-01-01\n',
  );
  const lines = [
    'parties: parties.csv',
    'server: { secureCookies: false }',
    'metrics: { tokenEnv: TEST_METRICS_TOKEN }',
    `audit: { heads: { webhook: '${url}', tokenEnv: TEST_HEADS_TOKEN } }`,
    'sources: [{ id: feed, kind: http, tokenEnv: TEST_SOURCE_TOKEN }]',
    '',
  ];
  await writeFile(join(own, 'siaga.yaml'), lines.join('\n'));
  siaga = await startSiaga({
    folder: own,
    args: ['--config', 'siaga.yaml'],
    env: {
      NODE_EXTRA_CA_CERTS: known.cert,
      TEST_HEADS_TOKEN: token,
      TEST_METRICS_TOKEN: metricsToken,
      TEST_SOURCE_TOKEN: 'token-of-the-source-0000001',
    },
  });
  return siaga;
}

const failures = ({ output }: SiagaProcess): string[] =>
  output()
    .split('\n')
    .filter((line) => line.includes('audit-head:failed'));

async function statesOf({ url: base }: SiagaProcess, cookie: string) {
  const answer = await fetch(`${base}/api/audit`, { headers: { cookie } });
  const scraped = await fetch(`${base}/metrics`, { headers: { authorization: `Bearer ${metricsToken}` } });
  const metrics = await scraped.text();
  const metric = (name: string): number => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(metrics)?.[1]);
  const heads: HeadExportState = auditAnswerSchema.parse(await answer.json()).state.heads;
  return {
    heads,
    failing: metric('siaga_audit_heads_failing'),
    waiting: metric('siaga_audit_heads_waiting'),
  };
}

const signIn = async (running: SiagaProcess): Promise<string> =>
  (await claimAdmin(running.url, running.oneTimePassword())).cookie;

describe('heads go out by TLS', () => {
  it('to a collector with the right certificate, with the token, and once more at the stop', async () => {
    present(known.issue('localhost'));
    const running = await start();
    await expect.poll(() => posts.length).toBe(1);
    expect(posts[0]?.authorization).toBe(`Bearer ${token}`);
    expect(auditHeadSchema.parse(JSON.parse(posts[0]?.body ?? '')).seq).toBeGreaterThan(0);
    const { heads, failing } = await statesOf(running, await signIn(running));
    expect(heads).toMatchObject({ kind: 'webhook', failingSince: null, error: null, waiting: 0 });
    expect([heads.lastAt === null, failing]).toEqual([false, 0]);
    await running.stop();
    expect(posts).toHaveLength(2);
    expect(failures(running)).toEqual([]);
  }, 40_000);

  it.each([
    ['of another host', () => known.issue('siem.example'), /altnames|does not match/i],
    [
      'of an authority that nobody knows',
      () => unknown.issue('localhost'),
      /unable to (verify|get)|self-signed/i,
    ],
  ])(
    'to none with the certificate %s: it is tried again, and seen',
    async (_what, wrong, why) => {
      present(wrong());
      const running = await start();
      const cookie = await signIn(running);
      await expect.poll(() => failures(running).length, { timeout: 20_000 }).toBeGreaterThanOrEqual(3);
      const { heads, failing, waiting } = await statesOf(running, cookie);
      expect(heads).toMatchObject({ kind: 'webhook', lastAt: null, waiting: 1, dropped: 0 });
      expect(heads.error).toMatch(why);
      expect(heads.failingSince).not.toBeNull();
      expect([failing, waiting]).toEqual([1, 1]);
      expect(posts).toEqual([]);
      expect(running.output()).not.toContain(token);

      present(known.issue('localhost'));
      await expect.poll(() => posts.length, { timeout: 20_000 }).toBe(1);
      await expect
        .poll(async () => (await statesOf(running, cookie)).heads)
        .toMatchObject({ failingSince: null, error: null, waiting: 0 });
      expect((await statesOf(running, cookie)).failing).toBe(0);
    },
    60_000,
  );
});
