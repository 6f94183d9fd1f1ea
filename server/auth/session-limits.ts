/** When sessions end by themselves, ms. */
export interface SessionLimits {
  /** A session unused for this long ends. */
  readonly idleMs: number;
  /** A session this old ends, used or not. */
  readonly absoluteMs: number;
}

/** What holds where the configuration says nothing. */
export const defaultSessionLimits: SessionLimits = { idleMs: 12 * 3_600_000, absoluteMs: 7 * 86_400_000 };
