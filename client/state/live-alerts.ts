import type { StoreApi } from 'zustand/vanilla';
import type { AlertChange } from '../../shared/alert.ts';
import type { Snapshot } from '../../shared/live/protocol.ts';
import { createAlertLog, openDelta } from './alert-log.ts';
import type { LiveState } from './live-feed.ts';
import { createListeners } from './listeners.ts';

/** The alerts' side of the feed. `false` means that changes are missing in between. */
export interface LiveAlerts {
  readonly cursor: () => number | null;
  readonly load: (snapshot: Snapshot) => boolean;
  readonly take: (changes: readonly AlertChange[]) => boolean;
  readonly forget: () => void;
  readonly subscribe: (listener: (changes: readonly AlertChange[]) => void) => () => void;
}

/** Open alerts into `store`, as the numbered log leaves them. */
export function createLiveAlerts(store: StoreApi<LiveState>): LiveAlerts {
  const log = createAlertLog();
  const listeners = createListeners<readonly AlertChange[]>();
  const tell = (changes: readonly AlertChange[]): void => {
    if (changes.length > 0) listeners.tell(changes);
  };

  return {
    cursor: log.cursor,
    forget: log.forget,
    subscribe: listeners.subscribe,
    load: ({ alerts, alertCursor, missed, openAlerts }) => {
      if (alerts) {
        log.replace(alerts, alertCursor);
        store.setState({ alerts: log.open(), openAlerts });
        return true;
      }
      const { applied, gap } = log.apply(missed);
      store.setState({ alerts: log.open(), openAlerts });
      tell(applied);
      return !gap;
    },
    take: (changes) => {
      const { applied, gap } = log.apply(changes);
      if (applied.length > 0) {
        const moved = applied.reduce((sum, change) => sum + openDelta(change), 0);
        store.setState((state) => ({
          alerts: log.open(),
          openAlerts: Math.max(0, state.openAlerts + moved),
        }));
        tell(applied);
      }
      return !gap;
    },
  };
}
