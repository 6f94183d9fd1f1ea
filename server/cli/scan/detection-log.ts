import type { Detection } from '../../detect/detection.ts';

/** Detections of a scan: each is handed out once, when nothing can add to it. */
export interface DetectionLog {
  /** Takes what the engine reports: a new detection, or the new total of one before. */
  take(detection: Detection): void;
  /** Those that can't grow any more, in the order of their last growth. */
  ended(): Detection[];
  /** All others, in the order of their beginnings. */
  rest(): Detection[];
}

/** Detections that may still grow and are held; beyond it the one that didn't grow for longest is handed out early. */
export const maxHeldDetections = 200_000;

interface Held {
  readonly detection: Detection;
  readonly at: number;
}

/**
 * Holds detections until they can't grow: the engine forgets what it knew of a key once no event came for `quietMs`. One that
 * had to go early, and grows after that, is handed out a second time with its new total. `newest` is the newest event time so far.
 */
export function createDetectionLog(
  quietMs: number,
  newest: () => number,
  maxHeld = maxHeldDetections,
): DetectionLog {
  const held = new Map<string, Held>();
  return {
    take(detection) {
      held.delete(detection.id);
      held.set(detection.id, { detection, at: newest() });
    },
    ended() {
      const quietSince = newest() - quietMs;
      const ended: Detection[] = [];
      for (const [id, { detection, at }] of held) {
        if (held.size <= maxHeld && at >= quietSince) break;
        held.delete(id);
        ended.push(detection);
      }
      return ended;
    },
    rest() {
      const rest = [...held.values()].map(({ detection }) => detection);
      held.clear();
      return rest.sort((a, b) => a.first - b.first || (a.id < b.id ? -1 : 1));
    },
  };
}
