import { usualFailures } from '../coverage/usual-range.ts';
import type { EventStore } from '../store/events/event-store.ts';

const dayMs = 86_400_000;
const refreshEveryMs = 300_000;

export interface UsualRangeParts {
  readonly events: Pick<EventStore, 'loginSeries'>;
  readonly now: () => number;
  readonly log: (message: string) => void;
}

/** The usual range of failures a minute, read from the last 24 hours of frames and again every five minutes. */
export function createUsualRange({ events, now, log }: UsualRangeParts): {
  current: () => [number, number] | null;
} {
  let range: [number, number] | null = null;
  let readAt = -Infinity;

  const refresh = async (): Promise<void> => {
    const to = Math.floor(now() / 60_000) * 60_000;
    try {
      range = usualFailures(await events.loginSeries(to - dayMs, to, 60_000));
    } catch (error) {
      log(String(error));
    }
  };

  return {
    current: () => {
      if (now() - readAt >= refreshEveryMs) {
        readAt = now();
        void refresh();
      }
      return range;
    },
  };
}
