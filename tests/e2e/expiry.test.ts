import { writeFile } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownPassword } from './browser.ts';
import { signInAnalyst, sourceToken, watch, type Analyst } from './edge-desk.ts';
import { runCommand } from './siaga-command.ts';
import { privateFolder, startSiaga, writeRegister, type SiagaProcess } from './siaga-process.ts';

const idleMs = 4_000;
const absoluteMs = 9_000;
const withinMs = 2_000;
const events = 30_000;

let folder: Awaited<ReturnType<typeof privateFolder>>;
let siaga: SiagaProcess;

beforeAll(async () => {
  folder = await privateFolder();
  const config = join(folder.folder, 'siaga.yaml');
  const lines = [
    `parties: ${await writeRegister(folder.folder)}`,
    `sessions: { idle: ${idleMs}ms, absolute: ${absoluteMs}ms }`,
    'sources: [{ id: feed, kind: http, format: combined, tokenEnv: TEST_SOURCE_TOKEN }]',
    '',
  ];
  await writeFile(config, lines.join('\n'));
  siaga = await startSiaga({
    folder: folder.folder,
    args: ['--config', config],
    env: { TEST_SOURCE_TOKEN: sourceToken },
  });
  const line = `192.0.2.7 - - [23/Nov/2026:13:52:04 +0700] "GET /${'a'.repeat(200)} HTTP/1.1" 200 5 "-" "-"\n`;
  const answer = await fetch(`${siaga.url}/ingest/v1/feed`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sourceToken}`, 'content-encoding': 'gzip' },
    body: new Uint8Array(gzipSync(line.repeat(events))),
  });
  expect(answer.status).toBe(200);
  await signInAnalyst(folder.folder, siaga.url);
});
afterAll(async () => {
  await siaga?.stop();
  await folder?.remove();
});

/** A new session of the analyst, and the moments between which it began. */
async function signIn(): Promise<{ cookie: string; from: number; to: number }> {
  const from = Date.now();
  const answer = await fetch(`${siaga.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: siaga.url },
    body: JSON.stringify({ name: 'anton', password: ownPassword }),
  });
  expect(answer.status).toBe(200);
  return { cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '', from, to: Date.now() };
}

/** An export of all events that is begun and not read. */
function beginExport(cookie: string): Promise<IncomingMessage> {
  const range = `from=${Date.now() - 390 * 86_400_000}&to=${Date.now() + 86_400_000}`;
  return new Promise((resolve, reject) => {
    const asked = request(`${siaga.url}/api/events/export?${range}`, { headers: { cookie } }, (response) => {
      response.pause();
      resolve(response);
    });
    asked.on('error', reject);
    asked.end();
  });
}

interface Noted {
  readonly at: number;
  readonly detail: { readonly ended: string; readonly count: number };
}

async function exportsNoted(): Promise<Noted[]> {
  const { out } = await runCommand(folder.folder, 'audit', 'list', '--action', 'events:exported', '--json');
  return out
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as Noted);
}

const statusFor = async (cookie: string): Promise<number> =>
  (await fetch(`${siaga.url}/api/alerts`, { headers: { cookie } })).status;

const lastOf = ({ frames }: Analyst): number => {
  const { at, delayMs } = frames.at(-1) ?? { at: 0, delayMs: 0 };
  return at + delayMs;
};

const ends = [
  { name: 'unused for too long', used: false, afterMs: idleMs },
  { name: 'too old, though it is used', used: true, afterMs: absoluteMs },
];

describe('a session with an open socket and a running export', () => {
  it.each(ends)('loses both within two seconds once it is $name', async ({ name, used, afterMs }) => {
    const before = await exportsNoted();
    const session = await signIn();
    const analyst = await watch(siaga.url, session.cookie);
    const response = await beginExport(session.cookie);
    const begun = Date.now();
    const broken = new Promise((resolve) => void response.on('error', resolve));
    const use = setInterval(() => void (used && statusFor(session.cookie)), 500);
    try {
      const latest = (used ? session.to : begun) + afterMs + withinMs;
      await expect.poll(analyst.isConnected, { timeout: afterMs + 5_000, interval: 50 }).toBe(false);
      const gone = Date.now();
      await expect
        .poll(async () => (await exportsNoted()).length, { timeout: 5_000 })
        .toBe(before.length + 1);
      const [noted] = await exportsNoted();
      const notedAt = noted?.at ?? 0;
      console.log(
        `${name}: after ${afterMs} ms; last frame at ${lastOf(analyst) - session.from}, socket gone at ${gone - session.from}, export broken off at ${notedAt - session.from} ms with ${noted?.detail.count} of ${events} events`,
      );
      expect(gone).toBeGreaterThanOrEqual(session.from + afterMs);
      expect(gone).toBeLessThan(latest);
      expect(lastOf(analyst)).toBeLessThan(latest);
      expect(noted?.detail).toMatchObject({ ended: 'aborted' });
      expect(notedAt).toBeGreaterThanOrEqual(session.from + afterMs);
      expect(notedAt).toBeLessThan(latest);
      expect(analyst.ended()).toBe('expired');
      expect(await statusFor(session.cookie)).toBe(401);
      response.resume();
      expect(await broken).toMatchObject({ code: 'ECONNRESET' });
    } finally {
      clearInterval(use);
      analyst.close();
    }
  });
});
