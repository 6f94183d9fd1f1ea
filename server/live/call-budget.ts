/** Counts calls in a window that begins with the first of them. */
export interface CallBudget {
  /** False when the window's calls are spent. */
  spend(): boolean;
}

export function createCallBudget({
  calls,
  perMs,
  now,
}: {
  calls: number;
  perMs: number;
  now: () => number;
}): CallBudget {
  let windowStart = now();
  let used = 0;
  return {
    spend: () => {
      if (now() - windowStart >= perMs) {
        windowStart = now();
        used = 0;
      }
      used += 1;
      return used <= calls;
    },
  };
}
