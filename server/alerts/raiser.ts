import type { Detection } from '../detect/detection.ts';

/** Hands detections to the alert book, and again each second while it fails: an attack must not go unsaid over a full disk. */
export interface Raiser {
  raise(detections: readonly Detection[]): void;
  /** Tries again what failed; to be called each second. */
  again(): void;
  /** Since when alerts can't be kept, epoch ms; `null` while they can. */
  failingSince(): number | null;
}

/** Detections that wait at most; of one id only the newest waits, and beyond the cap the newest are left out. */
export const maxWaitingDetections = 10_000;

export interface RaiserParts {
  readonly raise: (detections: readonly Detection[]) => Promise<unknown>;
  readonly now: () => number;
  readonly log: (message: string) => void;
}

export function createRaiser({ raise, now, log }: RaiserParts): Raiser {
  const waiting = new Map<string, Detection>();
  let failing: number | null = null;

  const attempt = (detections: readonly Detection[]): void => {
    raise(detections).then(
      () => {
        if (waiting.size === 0) failing = null;
      },
      (error: unknown) => {
        failing ??= now();
        log(
          `alerts of ${detections.length} detections could not be kept, next try in a second: ${String(error)}`,
        );
        for (const detection of detections) {
          if (waiting.has(detection.id) || waiting.size < maxWaitingDetections)
            waiting.set(detection.id, detection);
        }
      },
    );
  };

  return {
    raise: attempt,
    again: () => {
      if (waiting.size === 0) return;
      const detections = [...waiting.values()];
      waiting.clear();
      attempt(detections);
    },
    failingSince: () => failing,
  };
}
