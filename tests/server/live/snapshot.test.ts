import { describe, expect, it } from 'vitest';
import { createRecentFrames } from '../../../server/live/recent-frames.ts';
import { createSnapshots, maxMissedChanges } from '../../../server/live/snapshot.ts';
import type { Alert, AlertChange } from '../../../shared/alert.ts';

const change = (seq: number) => ({ seq }) as AlertChange;
const alert = { id: 'a' } as Alert;

function snapshots(cursor: number, log: AlertChange[] | null) {
  return createSnapshots({
    mode: 'production',
    version: '0',
    parties: [],
    recent: createRecentFrames([]),
    now: () => 7,
    alerts: {
      changesAfter: (after, limit) =>
        Promise.resolve(log?.filter(({ seq }) => seq > after).slice(0, limit) ?? null),
      snapshot: () => Promise.resolve({ alerts: [alert], open: 1, cursor }),
    },
  });
}

describe('a snapshot', () => {
  it('carries all open alerts for a client that knows none', async () => {
    expect(await snapshots(9, [])({ frameSeq: null, alertCursor: null })).toMatchObject({
      alerts: [alert],
      missed: [],
      alertCursor: 9,
    });
  });

  it('carries exactly what a client missed, up to the moment at which open alerts were counted', async () => {
    const log = [1, 2, 3, 4, 5].map(change);
    const { alerts, missed, alertCursor } = await snapshots(4, log)({ frameSeq: null, alertCursor: 2 });
    expect({ alerts, seqs: missed.map(({ seq }) => seq), alertCursor }).toEqual({
      alerts: null,
      seqs: [3, 4],
      alertCursor: 4,
    });
  });

  it('is fresh when the log no longer reaches back', async () => {
    expect(await snapshots(9, null)({ frameSeq: null, alertCursor: 2 })).toMatchObject({
      alerts: [alert],
      missed: [],
    });
  });

  it('is fresh for a client too far behind', async () => {
    const log = Array.from({ length: maxMissedChanges + 1 }, (_value, index) => change(index + 1));
    expect(await snapshots(log.length, log)({ frameSeq: null, alertCursor: 0 })).toMatchObject({
      alerts: [alert],
      missed: [],
    });
    expect((await snapshots(log.length, log)({ frameSeq: null, alertCursor: 1 })).missed).toHaveLength(
      maxMissedChanges,
    );
  });
});
