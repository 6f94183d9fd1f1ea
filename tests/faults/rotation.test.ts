import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { appendFile, chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { freePort, privateFolder, startSiaga, writeRegister } from '../e2e/siaga-process.ts';
import { chance, inspect, numberedLine, pause } from './verify.ts';

/** F-23 and F-24: a log is written to, rotated by the real logrotate every second or two, and the server killed, twenty times in either way. */
const rotateEveryMs = 1_500;
const linesATurn = 150;
const turnMs = 25;
const seed = Number(process.env['SIAGA_FAULT_SEED'] ?? Date.now() % 1_000_000);
const run = promisify(execFile);

/** Directives of logrotate, and how often the server is killed. */
const modes = {
  'rename, compressed later': ['create 0644\n  compress\n  delaycompress', 20],
  'rename to a name with the date': ['create 0644\n  dateext\n  dateformat -%Y%m%d-%s', 6],
  'copy and truncate': ['copytruncate', 20],
  'copy and truncate, compressed': ['copytruncate\n  compress', 6],
} as const;

/** Appends numbered lines until it is stopped; resolves with how many there are. */
function write(log: string) {
  let count = 0;
  let stopped = false;
  const done = (async () => {
    while (!stopped) {
      const lines = Array.from({ length: linesATurn }, (_value, index) => numberedLine(count + index));
      await appendFile(log, lines.join(''));
      count += linesATurn;
      await pause(turnMs);
    }
    return count;
  })();
  return { stop: () => ((stopped = true), done) };
}

/** Rotates again and again until it is stopped; resolves with how often. */
function rotate(folder: string, directives: string) {
  const config = join(folder, 'logrotate.conf');
  const log = join(folder, 'logs', 'access.log');
  let stopped = false;
  let times = 0;
  const done = (async () => {
    await writeFile(config, `${log} {\n  rotate 1000\n  missingok\n  ${directives}\n}\n`);
    await chmod(config, 0o644);
    while (!stopped) {
      await pause(rotateEveryMs);
      await run('logrotate', ['-f', '-s', join(folder, 'logrotate.state'), config], {
        env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/sbin` },
      });
      times += 1;
    }
    return times;
  })();
  return { stop: () => ((stopped = true), done) };
}

const metricsToken = 'token-of-the-rotation-test-0123456789';

/** Resolves once nothing is left to read, several looks in a row; a machine with much to do needs its time. */
async function untilRead(url: string): Promise<void> {
  const headers = { authorization: `Bearer ${metricsToken}` };
  for (let looks = 0, empty = 0; looks < 180 && empty < 5; looks += 1) {
    await pause(1_000);
    const metrics = await fetch(`${url}/metrics`, { headers }).then((answer) => answer.text());
    empty = /^siaga_source_behind_bytes\{source="web",kind="file"\} 0$/m.test(metrics) ? empty + 1 : 0;
  }
}

/** Numbers of the lines that are in any file of the folder. */
async function numbersIn(folder: string): Promise<Set<number>> {
  const numbers = new Set<number>();
  for (const name of await readdir(folder)) {
    const file = createReadStream(join(folder, name));
    const input = name.endsWith('.gz') ? file.pipe(createGunzip()) : file;
    const reader = createInterface({ input });
    reader.on('line', (line) => {
      const number = /\/n\/(\d+) /.exec(line)?.[1];
      if (number !== undefined) numbers.add(Number(number));
    });
    await once(reader, 'close');
  }
  return numbers;
}

describe('a log that is rotated while the server is killed', () => {
  it.each(Object.entries(modes))(
    `by %s: every line once (seed ${seed})`,
    async (mode, [directives, kills]) => {
      const { folder, remove } = await privateFolder();
      try {
        const logs = join(folder, 'logs');
        await mkdir(logs);
        const log = join(logs, 'access.log');
        await writeFile(log, '');
        const config = join(folder, 'siaga.yaml');
        const source = { id: 'web', kind: 'file', path: log, start: 'beginning', logins: false };
        const metrics = { tokenFile: join(folder, 'metrics-token') };
        await writeFile(metrics.tokenFile, metricsToken, { mode: 0o600 });
        const parties = await writeRegister(folder);
        await writeFile(config, JSON.stringify({ parties, sources: [source], metrics }));
        const port = await freePort();
        const start = () => startSiaga({ folder, args: ['--config', config], port });
        const next = chance(seed);

        const writer = write(log);
        let siaga = await start();
        const rotation = rotate(folder, directives);
        for (let kill = 0; kill < kills; kill += 1) {
          await pause(Math.floor(next() * 900));
          await siaga.kill();
          await pause(Math.floor(next() * 600));
          siaga = await start();
        }
        const times = await rotation.stop();
        const written = await writer.stop();
        // A copy that looks cut short is read once it is quiet for ten seconds.
        await pause(15_000);
        await untilRead(siaga.url);
        expect(await siaga.stop()).toBe(0);

        const kept = await numbersIn(logs);
        const remains = await inspect(join(folder, 'data'), 'web', written);
        expect(remains.doubled).toEqual([]);
        // What logrotate lost between its copy and its truncation, or put aside twice within an hour, is in no file any more.
        const lost = Array.from({ length: written }, (_value, number) => number).filter((n) => !kept.has(n));
        expect(remains.missing.filter((number) => kept.has(number))).toEqual([]);
        const putAside = (await readdir(logs)).filter((name) => name.endsWith('.backup'));
        if (!mode.startsWith('copy') && putAside.length === 0) expect(lost).toEqual([]);
        expect(remains.ledger).toMatchObject({ balanced: true, differences: [] });
        console.log(
          `${mode}: ${times} rotations, ${kills} kills, ${written} lines written, ${remains.distinct} stored, ${remains.stored - remains.distinct} of them cut or doubled; ${putAside.length} files put aside, ${lost.length} lines are in no file any more`,
        );
      } finally {
        await remove();
      }
    },
    400_000,
  );
});
