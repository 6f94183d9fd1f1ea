import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sizeInflated, whichOf } from '../../../server/cli/import-file.ts';
import { openContent } from '../../../server/ingest/sources/content.ts';
import { hashOf, headBytes, tailOf } from '../../../server/ingest/sources/file-identity.ts';
import type { RememberedFile } from '../../../server/ingest/sources/file-memory.ts';
import { resume } from '../../../server/ingest/sources/followed-file.ts';
import { knownFrom } from '../../../server/ingest/sources/known-files.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'siaga-import-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const log = Buffer.from(Array.from({ length: 100 }, (_value, index) => `line ${index} of a log\n`).join(''));

/** The log as it is remembered once so many bytes of it are imported. */
const remembered = (offset: number, fields: Partial<RememberedFile> = {}): RememberedFile => {
  const head = log.subarray(0, headBytes);
  return {
    id: 'known',
    source: 'import:import',
    path: '/logs/before.log',
    device: 0,
    inode: 0,
    headHash: hashOf(head),
    headLength: head.length,
    offset,
    tail: tailOf(log.subarray(0, offset)),
    lastLine: null,
    finished: false,
    ...fields,
  };
};

async function look(bytes: Buffer, file: RememberedFile, name = 'a.log') {
  await writeFile(join(folder, name), bytes);
  const content = await openContent(join(folder, name));
  try {
    return await whichOf(content, await content.head(), [file]);
  } finally {
    await content.close();
  }
}

describe('a file that is imported again', () => {
  it.each([
    ['under another name', log, 'a.log'],
    ['compressed', gzipSync(log), 'a.log.gz'],
    ['longer than it was', Buffer.concat([log, log]), 'a.log'],
  ])('is known %s', async (_what, bytes, name) => {
    expect(await look(bytes, remembered(log.length), name)).toMatchObject({ value: { id: 'known' } });
  });

  it('is known by its beginning where a crash left nothing else to go by', async () => {
    expect(await look(log, remembered(0, { tail: null }))).toMatchObject({ value: { id: 'known' } });
  });

  it('is refused when it begins the same and is an older copy, or was changed', async () => {
    expect(await look(log.subarray(0, 1_500), remembered(log.length))).toMatchObject({ code: 'alike' });
    const changed = Buffer.from(log.toString().replace('line 99', 'line xx'));
    expect(await look(changed, remembered(log.length))).toMatchObject({ code: 'alike' });
  });

  it('is another one when it begins otherwise', async () => {
    expect(await look(Buffer.from(`x${log.toString()}`), remembered(log.length))).toEqual({
      ok: true,
      value: null,
    });
  });
});

describe('where an import goes on', () => {
  const lastLine = log.lastIndexOf('line 99');
  it.each([
    ['behind what is in the books', log, remembered(230), 230],
    ['behind the newest line found stored', log, remembered(0, { lastLine: 0 }), log.indexOf('\n') + 1],
    [
      'at the end, when that is its last line, without a line feed',
      log.subarray(0, -1),
      remembered(0, { lastLine }),
      log.length - 1,
    ],
    [
      'behind what is in the books, when the file is shorter',
      log.subarray(0, 300),
      remembered(230, { lastLine }),
      230,
    ],
  ])('%s', async (_what, bytes, file, at) => {
    await writeFile(join(folder, 'a.log'), bytes);
    const content = await openContent(join(folder, 'a.log'));
    const known = knownFrom(file);
    await resume(content, known);
    expect(known.readTo).toBe(at);
    await content.close();
  });
});

it('the size of a file is told as it is inflated', async () => {
  await writeFile(join(folder, 'a.log'), log);
  await writeFile(join(folder, 'b.log'), gzipSync(log));
  await writeFile(join(folder, 'empty'), '');
  const sizes = await Promise.all(
    ['a.log', 'b.log', 'empty'].map((name) => sizeInflated(join(folder, name))),
  );
  expect(sizes).toEqual([log.length, log.length, 0]);
});
