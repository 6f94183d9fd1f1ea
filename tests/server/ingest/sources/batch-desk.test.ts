import { describe, expect, it } from 'vitest';
import { createBatchDesk, type BatchRest } from '../../../../server/ingest/sources/batch-desk.ts';
import type { BatchRow } from '../../../../server/store/state/schema.ts';

const digest = 'a'.repeat(64);
const bytes = new TextEncoder().encode('one\ntwo\nthree\n');
const receiptOf = (lines: number, unparsed = 0) => ({
  received: lines,
  stored: lines,
  unparsed,
  rejected: [],
  unparsedLines: Array.from({ length: unparsed }, (_value, index) => ({ line: index + 1, reason: 'bad' })),
});

function open(known: Partial<BatchRow> | null) {
  const repeated: number[] = [];
  const stored: BatchRest[] = [];
  const row: BatchRow = { key: '', source: 'web', id: 'b', digest, at: 0, receipt: '', last_line: null };
  const desk = createBatchDesk({
    source: 'web',
    find: () => Promise.resolve(known && { ...row, ...known }),
    repeat: (lines) => void repeated.push(lines),
    log: () => undefined,
  });
  const take = (lines = 3, unparsed = 0) =>
    desk.take({ id: 'b', digest, bytes }, (rest) => {
      stored.push(rest);
      return Promise.resolve(receiptOf(lines, unparsed));
    });
  return { take, stored, repeated };
}

describe('the batch desk', () => {
  it('refuses a used id with another content as often as it comes, also twice at once', async () => {
    const { take, stored } = open({ digest: 'b'.repeat(64), receipt: JSON.stringify(receiptOf(3)) });
    const answers = await Promise.all([take(), take()]);
    expect(answers.map((answer) => answer.ok || answer.code)).toEqual(['conflict', 'conflict']);
    expect(stored).toEqual([]);
  });

  it('answers for the whole batch when a crash had left only the rest of it to store', async () => {
    const { take, stored } = open({
      digest: digest.slice(0, 32),
      receipt: JSON.stringify(receiptOf(2, 1)),
      last_line: 'one\n'.length,
    });
    const answer = await take(1, 1);
    expect(Buffer.from(stored[0]?.bytes ?? []).toString()).toBe('three\n');
    expect(answer).toMatchObject({
      ok: true,
      value: { received: 3, stored: 3, unparsed: 2, unparsedLines: [{ line: 3, reason: 'bad' }] },
    });
  });
});
