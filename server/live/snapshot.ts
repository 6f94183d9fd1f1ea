import type { Alert, AlertChange } from '../../shared/alert.ts';
import type { Snapshot, Subscribe } from '../../shared/live/protocol.ts';
import type { Party } from '../../shared/party.ts';
import type { RecentFrames } from './recent-frames.ts';

/** Open alerts that a snapshot carries; it says how many there are in all. */
export const maxSnapshotAlerts = 500;
/** Changes that are sent one by one; a client further behind gets a fresh snapshot. */
export const maxMissedChanges = 1_000;

export interface SnapshotParts {
  readonly mode: Snapshot['mode'];
  readonly version: string;
  readonly parties: readonly Party[];
  readonly recent: RecentFrames;
  readonly now: () => number;
  readonly alerts: {
    changesAfter(cursor: number, limit: number): Promise<AlertChange[] | null>;
    snapshot(limit: number): Promise<{ alerts: Alert[]; open: number; cursor: number }>;
  };
}

/** Everything a browser needs to begin, or just what it missed. */
export function createSnapshots(parts: SnapshotParts): (subscribe: Subscribe) => Promise<Snapshot> {
  return async ({ alertCursor }) => {
    const missed =
      alertCursor === null ? null : await parts.alerts.changesAfter(alertCursor, maxMissedChanges);
    const isCaughtUp = missed !== null && missed.length < maxMissedChanges;
    const { alerts, open, cursor } = await parts.alerts.snapshot(isCaughtUp ? 1 : maxSnapshotAlerts);
    return {
      now: parts.now(),
      mode: parts.mode,
      version: parts.version,
      parties: [...parts.parties],
      frame: parts.recent.newest(),
      recent: parts.recent.series(0),
      alerts: isCaughtUp ? null : alerts,
      openAlerts: open,
      missed: isCaughtUp ? missed : [],
      alertCursor: isCaughtUp ? (missed.at(-1)?.seq ?? alertCursor ?? cursor) : cursor,
    };
  };
}
