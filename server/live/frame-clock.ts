import type { CoverageHole, Frame, LedgerCheck, SourceHealth } from '../../shared/live/frame.ts';
import type { Second } from '../aggregate/aggregator.ts';
import type { EngineHealth } from '../detect/detection.ts';

export interface FrameParts {
  readonly lastSeq: number;
  readonly accounts: () => Frame['accounts'];
  readonly health: () => SourceHealth[];
  readonly holes: (health: readonly SourceHealth[]) => CoverageHole[];
  readonly ledger: { newest(): LedgerCheck | null; holes(): CoverageHole[] };
  readonly storeFailingSince: () => number | null;
  readonly usualFailures: () => [number, number] | null;
}

/** Makes the frame of a second from what the events say and what is known of sources, accounts and engine. */
export function createFrameMaker(
  parts: FrameParts,
): (at: number, second: Second, engine: EngineHealth) => Frame {
  let seq = parts.lastSeq;
  return (at, second, engine) => {
    const { accounts: _sightings, accountFailures: _failures, accountsLeft: _left, ...counts } = second;
    const sources = parts.health();
    const failing = parts.storeFailingSince();
    const check = parts.ledger.newest();
    seq += 1;
    return {
      seq,
      at: Math.floor(at / 1_000) * 1_000,
      ...counts,
      accounts: parts.accounts(),
      sources,
      coverage: [
        ...parts.holes(sources),
        ...(failing === null ? [] : [{ kind: 'store-failing' as const, since: failing }]),
        ...parts.ledger.holes(),
        ...engine.capped.map((rule) => ({ kind: 'detector-capped' as const, rule })),
        ...engine.faulty.map((rule) => ({ kind: 'rule-faulty' as const, rule })),
      ],
      ...(check === null ? {} : { ledger: check }),
      usualFailures: parts.usualFailures(),
    };
  };
}

/** Calls `onSecond` at each whole second of the clock; a late timer never makes it skip back. Returns what stops it. */
export function everySecond(now: () => number, onSecond: () => void): () => void {
  let timer: NodeJS.Timeout;
  const arm = (): void => {
    timer = setTimeout(
      () => {
        onSecond();
        arm();
      },
      1_000 - (now() % 1_000),
    );
  };
  arm();
  return () => clearTimeout(timer);
}
