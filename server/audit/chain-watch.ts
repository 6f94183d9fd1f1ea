import type { ChainState } from '../../shared/api/audit.ts';
import type { Verdict } from './verify-audit.ts';

export const chainWatchEveryMs = 3_600_000;

/** Walks the log at the start and each hour, for the screen and the metrics. */
export interface ChainWatch {
  readonly state: () => ChainState;
  /** Walks now, and then each hour; a walk that is under way is not joined by another. */
  readonly start: () => void;
  /** Resolves once no walk is under way. */
  readonly stop: () => Promise<void>;
}

export interface ChainWatchParts {
  readonly verify: (signal: AbortSignal) => Promise<Verdict>;
  readonly now: () => number;
  /** Calls back every so many ms until it is cancelled. */
  readonly every: (callback: () => void, ms: number) => { cancel(): void };
  /** Hears of the first walk that finds the log broken, and of walks that fail. */
  readonly onBroken: (verdict: Extract<Verdict, { ok: false }>) => void;
  readonly onFault: (error: unknown) => void;
}

/** A watch that hasn't looked yet. */
export function createChainWatch({ verify, now, every, onBroken, onFault }: ChainWatchParts): ChainWatch {
  const stopping = new AbortController();
  let state: ChainState = { kind: 'unchecked' };
  let walking: Promise<void> | null = null;
  let timer: { cancel(): void } | null = null;

  const walk = async (): Promise<void> => {
    try {
      const verdict = await verify(stopping.signal);
      const wasBroken = state.kind === 'broken';
      state = verdict.ok
        ? { kind: 'unbroken', at: now(), rows: verdict.rows }
        : { kind: 'broken', at: now(), brokenAt: verdict.brokenAt, reason: verdict.reason };
      if (!verdict.ok && !wasBroken) onBroken(verdict);
    } catch (error) {
      if (stopping.signal.aborted) return;
      state = { kind: 'failed', at: now() };
      onFault(error);
    }
  };
  const run = (): void => {
    walking ??= walk().finally(() => {
      walking = null;
    });
  };
  return {
    state: () => state,
    start: () => {
      run();
      timer ??= every(run, chainWatchEveryMs);
    },
    stop: async () => {
      timer?.cancel();
      timer = null;
      stopping.abort(new Error('the server stops'));
      await walking;
    },
  };
}
