import type { Ledger } from '../../shared/api/ledger.ts';
import type { CoverageHole, LedgerCheck } from '../../shared/live/frame.ts';

/** What a look at the books of the last hour gives, again and again. */
export interface BalanceWatch {
  /** The last look that succeeded; `null` before the first, and once it is older than `forgetAfterMs`. */
  newest(): LedgerCheck | null;
  /** What the last look says against trusting the picture. */
  holes(): CoverageHole[];
  /** Looks now, and then each minute; a look that is under way is not joined by another. */
  start(): void;
  /** Resolves once no look is under way. */
  stop(): Promise<void>;
}

export interface BalanceWatchParts {
  readonly balance: (range: { readonly from: number; readonly to: number }) => Promise<Ledger>;
  readonly now: () => number;
  /** Calls back every so many ms until it is cancelled. */
  readonly every: (callback: () => void, ms: number) => { cancel(): void };
  readonly log: (message: string) => void;
}

export const watchedMs = 3_600_000;
export const watchEveryMs = 60_000;
/** A verdict that could not be renewed for so long says nothing any more. */
export const forgetAfterMs = 5 * 60_000;

/** Holds the books of the last hour against the event store once a minute, for all who show or scrape it. */
export function createBalanceWatch({ balance, now, every, log }: BalanceWatchParts): BalanceWatch {
  let last: LedgerCheck | null = null;
  let offSince: number | null = null;
  let looking: Promise<void> | null = null;
  let timer: { cancel(): void } | null = null;

  const look = async (): Promise<void> => {
    const at = now();
    try {
      const { balanced } = await balance({ from: at - watchedMs, to: at });
      last = { balanced, at };
      offSince = balanced ? null : (offSince ?? at);
    } catch (error) {
      log(`the books could not be held against the event store: ${String(error)}`);
    }
  };
  const run = (): void => {
    looking ??= look().finally(() => {
      looking = null;
    });
  };
  return {
    newest: () => (last !== null && now() - last.at <= forgetAfterMs ? last : null),
    holes: () => (offSince === null ? [] : [{ kind: 'ledger-off', since: offSince }]),
    start: () => {
      run();
      timer ??= every(run, watchEveryMs);
    },
    stop: async () => {
      timer?.cancel();
      timer = null;
      await looking;
    },
  };
}
