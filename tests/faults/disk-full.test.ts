import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { minFreeBytes, minFreeFiles } from '../../server/store/disk-watch.ts';
import { privateFolder, startSiaga, writeRegister, type SiagaProcess } from '../e2e/siaga-process.ts';
import { inspect, numberedLine } from './verify.ts';

/** F-04 and F-05: the data folder's disk is filled, or can hold no more files, while lines come in. */
const token = 'token-of-the-fault-tests-0123456789';
const diskBytes = 512 * 1024 * 1024;
const diskFiles = 20_000;
const mayMount = process.getuid?.() === 0;

let folder: Awaited<ReturnType<typeof privateFolder>>;
let data = '';
let siaga: SiagaProcess;

beforeEach(async () => {
  folder = await privateFolder();
  data = join(folder.folder, 'data');
  await mkdir(data, { mode: 0o700 });
  const options = `size=${diskBytes},nr_inodes=${diskFiles},mode=0700`;
  if (mayMount) execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', data]);
});
afterEach(async () => {
  if (mayMount) execFileSync('umount', ['-l', data]);
  await folder.remove();
});

const lines = (first: number, count: number): string =>
  Array.from({ length: count }, (_value, index) => numberedLine(first + index)).join('');

const post = (id: string, first: number, count: number): Promise<Response> =>
  fetch(`${siaga.url}/ingest/v1/sent`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'idempotency-key': id },
    body: lines(first, count),
  });

/** Takes all room there is but so many bytes. */
async function fill(leave: number): Promise<void> {
  const { bavail, bsize } = await statfs(data);
  const bytes = Math.floor((bavail * bsize - leave) / 4_096) * 4_096;
  if (bytes > 0) execFileSync('fallocate', ['-l', String(bytes), join(data, `ballast-${leave}`)]);
}

async function free(): Promise<void> {
  for (const leave of [0, minFreeBytes - 1_048_576])
    await rm(join(data, `ballast-${leave}`), { force: true });
}

/** Makes files until only so many can be made. */
async function useFiles(leave: number): Promise<void> {
  const { ffree } = await statfs(data);
  await mkdir(join(data, 'ballast'), { recursive: true });
  for (let made = 0; made < ffree - leave - 1; made += 1)
    await writeFile(join(data, 'ballast', `${leave}-${made}`), '');
}

interface Fault {
  readonly name: string;
  /** Brings it on; the second step makes it total. */
  readonly begin: readonly [() => Promise<unknown>, () => Promise<unknown>];
  readonly end: () => Promise<unknown>;
}

const faults: readonly Fault[] = [
  {
    name: 'F-04: a full disk',
    // First little room, then none at all, so that what is under way fails too.
    begin: [() => fill(minFreeBytes - 1_048_576), () => fill(0)],
    end: free,
  },
  {
    name: 'F-05: a disk that holds no more files',
    begin: [() => useFiles(minFreeFiles - 10), () => useFiles(0)],
    end: () => rm(join(data, 'ballast'), { recursive: true }),
  },
];

const isReady = async (): Promise<number> => (await fetch(`${siaga.url}/readyz`)).status;

describe.runIf(mayMount)('the disk of the data folder', () => {
  it.each(faults)(
    '$name: nothing more is taken, it is said, nothing is lost, and it goes on by itself',
    async ({ begin, end }) => {
      const log = join(folder.folder, 'access.log');
      await writeFile(log, '');
      const tokenFile = join(folder.folder, 'token');
      await writeFile(tokenFile, token, { mode: 0o600 });
      const config = join(folder.folder, 'siaga.yaml');
      const sources = [
        { id: 'web', kind: 'file', path: log, start: 'beginning', logins: false },
        { id: 'sent', kind: 'http', tokenFile, format: 'combined' },
      ];
      await writeFile(config, JSON.stringify({ parties: await writeRegister(folder.folder), sources }));
      siaga = await startSiaga({ folder: folder.folder, args: ['--config', config] });

      expect((await post('before', 0, 100)).status).toBe(200);
      await appendFile(log, lines(0, 5_000));

      await begin[0]();
      await expect.poll(isReady, { timeout: 10_000 }).toBe(503);
      const refused = await post('during', 100, 100);
      expect(refused.status).toBe(503);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      await begin[1]();
      await appendFile(log, lines(5_000, 5_000));
      expect((await post('during', 100, 100)).status).toBe(503);
      expect((await fetch(`${siaga.url}/healthz`)).status).toBe(200);
      expect(siaga.output()).toContain('disk:full');

      await end();
      await expect.poll(isReady, { timeout: 30_000 }).toBe(200);
      expect(await (await post('during', 100, 100)).json()).toMatchObject({ received: 100, stored: 100 });
      await appendFile(log, lines(10_000, 100));
      expect(await (await post('before', 0, 100)).json()).toMatchObject({ received: 100, stored: 100 });
      await expect.poll(async () => (await post('last', 200, 1)).status, { timeout: 30_000 }).toBe(200);
      expect(await siaga.stop()).toBe(0);

      const web = await inspect(data, 'web', 10_100);
      const all = { stored: 10_100, distinct: 10_100, missing: [], doubled: [] };
      expect({ ...web, ledger: null }).toMatchObject(all);
      const sent = await inspect(data, 'sent', 201);
      expect({ ...sent, ledger: null }).toMatchObject({
        stored: 201,
        distinct: 201,
        missing: [],
        doubled: [],
      });
      expect(sent.ledger).toMatchObject({ balanced: true, differences: [] });
      expect(sent.ledger.sources.find(({ source }) => source === 'sent')?.duplicate).toBeGreaterThanOrEqual(
        100,
      );
    },
    180_000,
  );
});
