import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { balance, type BalanceParts } from '../../../server/coverage/balance.ts';
import { booksSince } from '../../../server/coverage/recovery.ts';
import type { StoredMinute } from '../../../server/store/events/event-store.ts';
import { addMinute, addRejection, noCounts, writeMeta } from '../../../server/store/state/ledger-rows.ts';
import { openStateStore, type StateStore } from '../../../server/store/state/state-store.ts';

const minute = 60_000;
const start = 1_764_000_000_000 - (1_764_000_000_000 % (10 * minute));

let store: StateStore;
let counted: StoredMinute[];
let asked: { from: number; to: number; sequence: number }[];
let isHeld: boolean;
let parts: BalanceParts;

beforeEach(async () => {
  store = await openStateStore({ file: ':memory:' });
  counted = [];
  asked = [];
  isHeld = false;
  parts = {
    db: store.db,
    now: () => start + 10 * minute,
    pending: () => new Map([['web', 4]]),
    events: {
      storedByMinute: (range) => {
        asked.push(range);
        expect(isHeld).toBe(false);
        return Promise.resolve(counted);
      },
    },
    books: {
      read: async (query) => {
        isHeld = true;
        const answer = await query(77);
        isHeld = false;
        return answer;
      },
    },
  };
  await writeMeta(store.db, booksSince, start - minute);
});
afterEach(() => store.close());

async function book(source: string, at: number, received: number, rejected = 0): Promise<void> {
  const stored = received - rejected;
  const row = { source, minute: start + at * minute, ...noCounts(), received, stored, rejected };
  await store.db.transaction().execute((tx) => addMinute(tx, row));
  counted.push({ source, minute: row.minute, stored, unparsed: 0, late: 0 });
}
const range = { from: start, to: start + 20 * minute };

describe('the balance', () => {
  it('adds up what is booked and what is pending, and counts the store up to where the books are', async () => {
    await book('web', 0, 10, 2);
    await book('web', 1, 5);
    const ledger = await balance(parts, range);
    expect(ledger).toMatchObject({ ...range, balanced: true, since: start - minute, differences: [] });
    expect(ledger.sources).toMatchObject([
      { source: 'web', received: 19, stored: 13, rejected: 2, pending: 4, inStore: 13, balanced: true },
    ]);
    expect(asked).toEqual([{ ...range, sequence: 77 }]);
  });

  it('does not let the books wait while the store counts', async () => {
    await book('web', 0, 1);
    await balance(parts, range);
    expect(asked).toHaveLength(1);
  });

  it('names the minutes in which they differ, also where the sums agree', async () => {
    await book('web', 0, 10);
    await book('web', 1, 10);
    counted = counted.map((each, index) => ({ ...each, stored: index === 0 ? 9 : 11 }));
    const ledger = await balance(parts, range);
    expect(ledger.balanced).toBe(false);
    expect(ledger.sources[0]?.balanced).toBe(true);
    expect(ledger.differences.map(({ minute: at, inStore }) => [at - start, inStore])).toEqual([
      [0, 9],
      [minute, 11],
    ]);
  });

  it('of one source knows nothing of the others', async () => {
    await book('web', 0, 10);
    await book('old', 0, 3);
    await store.db.transaction().execute(async (tx) => {
      for (const source of ['web', 'old'])
        await addRejection(tx, { source, at: start, lines: 1, reason: source, sample: '' });
    });
    const ledger = await balance(parts, { ...range, source: 'old' });
    expect(ledger.sources).toMatchObject([{ source: 'old', received: 3, pending: 0 }]);
    expect(ledger.minutes.map(({ source }) => source)).toEqual(['old']);
    expect(ledger.rejections).toEqual([{ source: 'old', at: start, lines: 1, reason: 'old', sample: '' }]);
  });

  it('sums minutes up to columns of whole multiples of their length, each source for itself', async () => {
    for (const at of [0, 4, 5, 9, 10]) await book('web', at, 1 + at);
    await book('old', 4, 100, 1);
    const { minutes } = await balance(parts, { ...range, bucket: 5 });
    expect(
      minutes.map(({ source, minute: at, received, stored, inStore }) => [
        source,
        (at - start) / minute,
        received,
        stored,
        inStore,
      ]),
    ).toEqual([
      ['web', 0, 6, 6, 6],
      ['old', 0, 100, 99, 99],
      ['web', 5, 16, 16, 16],
      ['web', 10, 11, 11, 11],
    ]);
  });
});
