import type { Frame, LoginSeries } from '../../shared/live/frame.ts';

/** How many frames are held for snapshots and resyncs: 15 minutes. */
export const heldFrames = 900;

/** The newest frames, oldest first, at most 900. */
export interface RecentFrames {
  push(frame: Frame): void;
  newest(): Frame | null;
  /** Login attempts by the second of the frames with a `seq` above `after`. */
  series(after: number): LoginSeries;
}

export function createRecentFrames(initial: readonly Frame[]): RecentFrames {
  const frames = initial.slice(-heldFrames);
  return {
    push: (frame) => {
      frames.push(frame);
      if (frames.length > heldFrames) frames.shift();
    },
    newest: () => frames.at(-1) ?? null,
    series: (after) => {
      const wanted = frames.filter(({ seq }) => seq > after);
      return {
        bucketMs: 1_000,
        at: wanted.map(({ at }) => at - 1_000),
        success: wanted.map(({ logins }) => logins.success),
        failure: wanted.map(({ logins }) => logins.failure),
        blocked: wanted.map(({ logins }) => logins.blocked),
        events: wanted.map(({ events }) => events),
        heard: wanted.map(() => 1),
      };
    },
  };
}
