import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { beginCommand, runCommand } from '../e2e/siaga-command.ts';
import { privateFolder, startSiaga } from '../e2e/siaga-process.ts';
import { chance, inspect, numberedLine, pause } from './verify.ts';

/** An import is killed again and again, by itself and with the server it goes through; then it is run to its end. */
const lines = 300_000;
const kills = 6;
const seed = Number(process.env['SIAGA_FAULT_SEED'] ?? Date.now() % 1_000_000);

let folder = '';
let remove: () => Promise<void>;

beforeEach(async () => {
  ({ folder, remove } = await privateFolder());
  const text = Array.from({ length: lines }, (_value, number) => numberedLine(number)).join('');
  await writeFile(join(folder, 'old.log'), text.trimEnd());
  await writeFile(join(folder, 'web.log'), '');
});
afterEach(() => remove());

/** How far the books say the file is imported; what another process has not written yet is 0. */
function offsetInBooks(): number {
  try {
    const db = new Database(join(folder, 'data', 'state.sqlite'), { readonly: true, fileMustExist: true });
    try {
      const row = db
        .prepare('SELECT max("offset") AS "offset" FROM file_positions WHERE source = ?')
        .get('import:import') as { offset: number | null } | undefined;
      return row?.offset ?? 0;
    } finally {
      db.close();
    }
  } catch {
    return 0;
  }
}

/** Waits until the import got further than it was, or has ended, and a little more. */
async function untilFurther(before: number, ended: Promise<unknown>, moreMs: number): Promise<void> {
  let isOver = false;
  void ended.then(() => (isOver = true));
  while (!isOver && offsetInBooks() <= before) await pause(5);
  await pause(moreMs);
}

async function expectEachLineOnce(): Promise<void> {
  const remains = await inspect(join(folder, 'data'), 'import', lines);
  expect({ ...remains, ledger: null }).toEqual({
    stored: lines,
    distinct: lines,
    missing: [],
    doubled: [],
    ledger: null,
  });
  expect(remains.ledger).toMatchObject({ balanced: true, differences: [] });
  expect(remains.ledger.sources.find(({ source }) => source === 'import')).toMatchObject({
    received: lines,
    stored: lines,
    rejected: 0,
    late: 0,
  });
}

describe('an import that is killed', () => {
  it(`on a stopped server has every line once in the end (seed ${seed})`, async () => {
    const next = chance(seed);
    const offsets: number[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      const running = beginCommand(folder, ['import', 'old.log']);
      await untilFurther(offsetInBooks(), running.ended, Math.floor(next() * 60));
      running.kill();
      await running.ended;
      offsets.push(offsetInBooks());
    }
    const last = await runCommand(folder, 'import', 'old.log');
    expect(last).toMatchObject({ code: 0, err: '' });
    expect(last.out).toContain(`old.log: ${lines} lines: `);
    await rename(join(folder, 'old.log'), join(folder, 'renamed.log'));
    const again = await runCommand(folder, 'import', 'renamed.log');
    expect(again.out).toContain(`${lines} lines: 0 stored (0 unparsed), ${lines} there already`);
    await expectEachLineOnce();
    console.log(`killed with so many bytes in the books: ${offsets.join(', ')}\n${last.out.trimEnd()}`);
  });

  it(`beside a running server, which is killed too, has every line once in the end (seed ${seed})`, async () => {
    const next = chance(seed);
    const start = () => startSiaga({ folder, args: ['--watch', join(folder, 'web.log')] });
    let siaga = await start();
    const offsets: number[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      const running = beginCommand(folder, ['import', 'old.log']);
      await pause(500 + Math.floor(next() * 500));
      if (kill % 2 === 0) running.kill();
      else await siaga.kill();
      const { code, err } = await running.ended;
      offsets.push(offsetInBooks());
      if (kill % 2 === 0) continue;
      if (code !== 0) expect(err).toContain('siaga import: ');
      siaga = await start();
    }
    const last = await runCommand(folder, 'import', 'old.log');
    expect(last).toMatchObject({ code: 0, err: '' });
    const ledger = await runCommand(folder, 'ledger');
    expect(ledger.code).toBe(0);
    expect(await siaga.stop()).toBe(0);
    await expectEachLineOnce();
    console.log(`killed with so many bytes in the books: ${offsets.join(', ')}\n${last.out.trimEnd()}`);
  });
});
