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
    const { alerts, open, cursor } = await parts.alerts.snapshot(maxSnapshotAlerts);
    const missed = alertCursor === null ? null : await missedBetween(parts, alertCursor, cursor);
    return {
      now: parts.now(),
      mode: parts.mode,
      version: parts.version,
      parties: [...parts.parties],
      frame: parts.recent.newest(),
      recent: parts.recent.series(0),
      alerts: missed === null ? alerts : null,
      openAlerts: open,
      missed: missed ?? [],
      alertCursor: cursor,
    };
  };
}

/** Changes after `from` up to and with `to`, the moment of the count; later ones come by themselves. `null` when they are too many. */
async function missedBetween(
  { alerts }: SnapshotParts,
  from: number,
  to: number,
): Promise<AlertChange[] | null> {
  const changes = await alerts.changesAfter(from, maxMissedChanges + 1);
  const missed = changes?.filter(({ seq }) => seq <= to);
  return missed && missed.length <= maxMissedChanges ? missed : null;
}
