import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { UsageProblem } from '../../../server/cli/arguments.ts';
import type { CommandIo } from '../../../server/cli/command.ts';
import { findLogFiles, maxFiles, maxPieceBytes, wholeLines } from '../../../server/cli/log-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'siaga-files-'));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'folder'));
const io = { cwd: folder } as CommandIo;

async function piecesOf(bytes: Buffer, pieceBytes = 64): Promise<string[]> {
  writeFileSync(join(folder, 'file'), bytes);
  const [file] = await findLogFiles(['file'], io);
  const pieces: string[] = [];
  if (file)
    for await (const piece of wholeLines(file, { pieceBytes, onRead: () => undefined }))
      pieces.push(Buffer.from(piece).toString('latin1'));
  return pieces;
}

const lines = Array.from({ length: 500 }, (_, index) => `line ${index} ${'x'.repeat(index % 90)}`).join('\n');

describe('a file is read', () => {
  it.each([
    ['as it is', Buffer.from(lines)],
    ['inflated', gzipSync(lines)],
    [
      'inflated, in several members',
      Buffer.concat([gzipSync(lines.slice(0, 900)), gzipSync(lines.slice(900))]),
    ],
    ['when it ends with a line feed', Buffer.from(`${lines}\n`)],
    ['when it is empty', Buffer.alloc(0)],
    ['when it is one byte', Buffer.from('\x1f')],
  ])('in pieces of whole lines, %s', async (how, bytes) => {
    const pieces = await piecesOf(bytes);
    const whole = how.startsWith('inflated') ? lines : bytes.toString('latin1');
    expect(pieces.join('')).toBe(whole);
    expect(pieces.slice(0, -1).every((piece) => piece.endsWith('\n'))).toBe(true);
  });

  it('in pieces where a line has no end, so that it never fills the memory', async () => {
    const pieces = await piecesOf(Buffer.alloc(maxPieceBytes * 3, 97), 65_536);
    expect(pieces.map(({ length }) => length)).toEqual([maxPieceBytes, maxPieceBytes, maxPieceBytes]);
  });

  it('until its compressed bytes break off, and that is an error', async () => {
    await expect(piecesOf(gzipSync(lines).subarray(0, 200))).rejects.toThrow('unexpected end of file');
  });
});

describe('files that can not be read', () => {
  const problemsOf = (names: readonly string[]) =>
    findLogFiles(names, io).then(
      () => [],
      (error: unknown) => (error instanceof UsageProblem ? error.problems : [error]),
    );

  it('are all named', async () => {
    expect(await problemsOf(['no', 'folder', 'file/x'])).toEqual([
      'no: found no such file',
      'folder: found a folder, expected a file',
      'file/x: found no such file',
    ]);
  });

  it.each([
    [[], 'found no FILE, expected at least one (- is standard input)'],
    [['-', '-'], '-: found 2 times, expected once'],
    [
      Array.from({ length: maxFiles + 1 }, () => 'file'),
      `found ${maxFiles + 1} files, expected at most ${maxFiles}`,
    ],
  ])('because of how many there are', async (names, problem) => {
    expect(await problemsOf(names)).toEqual([problem]);
  });
});
