import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimAdmin } from '../e2e/claim-admin.ts';
import {
  freePort,
  privateFolder,
  startSiaga,
  writeRegister,
  type SiagaProcess,
} from '../e2e/siaga-process.ts';
import { chance, inspect, numberedLine, pause } from './verify.ts';

/** F-01 and F-16: the server is killed twenty times while a large file is read and batches are sent and sent again. */
const kills = 20;
const lines = 1_000_000;
const linesABatch = 100;
const senders = 8;
const token = 'token-of-the-fault-tests-0123456789';
const seed = Number(process.env['SIAGA_FAULT_SEED'] ?? Date.now() % 1_000_000);

let folder: Awaited<ReturnType<typeof privateFolder>>;
let args: string[] = [];
let port = 0;

beforeAll(async () => {
  folder = await privateFolder();
  port = await freePort();
  const log = join(folder.folder, 'access.log');
  const out = createWriteStream(log);
  for (let start = 0; start < lines; start += 10_000) {
    const chunk = Array.from({ length: 10_000 }, (_value, index) => numberedLine(start + index)).join('');
    if (!out.write(chunk)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
  const config = join(folder.folder, 'siaga.yaml');
  const tokenFile = join(folder.folder, 'token');
  await writeFile(tokenFile, token, { mode: 0o600 });
  await writeFile(
    config,
    JSON.stringify({
      parties: await writeRegister(folder.folder),
      sources: [
        { id: 'web', kind: 'file', path: log, start: 'beginning', logins: false },
        { id: 'sent', kind: 'http', tokenFile, format: 'combined' },
      ],
    }),
  );
  args = ['--config', config];
});
afterAll(() => folder.remove());

/** Sends batches, each until it is answered, whatever happens to the server meanwhile; of a third of the answers it does not wait for the end. */
function createSender(next: () => number) {
  let sent = 0;
  let stopped = false;
  const answers: unknown[] = [];
  const send = async (number: number): Promise<void> => {
    const first = number * linesABatch;
    const body = Array.from({ length: linesABatch }, (_value, index) => numberedLine(first + index)).join('');
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${port}/ingest/v1/sent`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'idempotency-key': `batch-${number}` },
        body,
        signal: AbortSignal.timeout(next() < 0.3 ? Math.ceil(next() * 150) : 20_000),
      }).catch(() => null);
      if (answer?.status === 200) {
        const receipt: unknown = await answer.json().catch(() => null);
        if (receipt !== null) return void answers.push(receipt);
      } else await answer?.body?.cancel().catch(() => undefined);
      await pause(20);
    }
  };
  const run = (async () => {
    const sendOn = async (): Promise<void> => {
      while (!stopped) await send(sent++);
    };
    await Promise.all(Array.from({ length: senders }, sendOn));
  })();
  return {
    answers,
    sent: () => sent,
    stop: async () => {
      stopped = true;
      await run;
    },
  };
}

async function waitUntilRead(siaga: SiagaProcess, cookie: string): Promise<void> {
  for (let tries = 0; tries < 1_200; tries += 1) {
    if ((await linesStored(siaga, cookie)) >= lines) return;
    await pause(100);
  }
  throw new Error(`the file was not read to its end:\n${siaga.output()}`);
}

/** Lines of the file stored, as the ingest's own answers can't tell: asked of the API as a signed-in user. */
async function linesStored(siaga: SiagaProcess, cookie: string): Promise<number> {
  const answer = await fetch(`${siaga.url}/api/ledger`, { headers: { cookie } });
  if (!answer.ok) return 0;
  const { sources } = (await answer.json()) as { sources: { source: string; stored: number }[] };
  return sources.find(({ source }) => source === 'web')?.stored ?? 0;
}

describe('a server that is killed again and again', () => {
  it(`has every line once in the end, and its ledger balances (seed ${seed})`, async () => {
    const next = chance(seed);
    const start = () => startSiaga({ folder: folder.folder, args, port });
    let siaga = await start();
    const { cookie } = await claimAdmin(siaga.url, siaga.oneTimePassword());
    const sender = createSender(chance(seed + 1));
    for (let kill = 0; kill < kills; kill += 1) {
      await pause(Math.floor(next() * 900));
      await siaga.kill();
      siaga = await start();
    }
    await waitUntilRead(siaga, cookie);
    await sender.stop();
    expect(await siaga.stop()).toBe(0);

    const data = join(folder.folder, 'data');
    const web = await inspect(data, 'web', lines);
    const sentLines = sender.sent() * linesABatch;
    const sent = await inspect(data, 'sent', sentLines);
    expect({ ...web, ledger: null }).toEqual({
      stored: lines,
      distinct: lines,
      missing: [],
      doubled: [],
      ledger: null,
    });
    expect({ ...sent, ledger: null }).toEqual({
      stored: sentLines,
      distinct: sentLines,
      missing: [],
      doubled: [],
      ledger: null,
    });
    expect(sender.answers).toHaveLength(sender.sent());
    for (const answer of sender.answers)
      expect(answer).toMatchObject({ received: linesABatch, stored: linesABatch, unparsed: 0 });
    expect(web.ledger).toMatchObject({ balanced: true, differences: [] });
    const counted = new Map(web.ledger.sources.map((source) => [source.source, source]));
    expect(counted.get('web')).toMatchObject({ received: lines, stored: lines, rejected: 0 });
    expect(counted.get('sent')).toMatchObject({ received: sentLines, stored: sentLines });
    expect(counted.get('sent')?.duplicate).toBeGreaterThan(0);
    console.log(
      `killed ${kills} times: ${lines} lines of a file and ${sentLines} lines of ${sender.sent()} batches, each once; ${counted.get('sent')?.duplicate} came again`,
    );
  }, 400_000);
});
