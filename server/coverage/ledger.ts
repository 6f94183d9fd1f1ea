import type { CoverageHole, SourceHealth } from '../../shared/live/frame.ts';

/** Counts of one source's lines; `received = stored + rejected + pending`, at any moment. */
interface Account {
  received: number;
  stored: number;
  unparsed: number;
  rejected: number;
  lastHeard: number | null;
  /** `received` at the last frame. */
  shown: number;
}

export interface ExpectedSource {
  readonly id: string;
  readonly kind: SourceHealth['kind'];
  readonly expectEveryMs: number | null;
  readonly fault: () => SourceHealth['fault'];
}

export interface Lines {
  readonly received: number;
  readonly unparsed: number;
  readonly stored: number;
}

/** Knows what each source sent and what became of it, since the server started. */
export interface Ledger {
  record(source: string, lines: Lines): void;
  reject(source: string, lines: number): void;
  /** Health of every configured source; `received` counts since the call before. */
  health(): SourceHealth[];
  /** What `health` says against trusting the picture. */
  holes(health: readonly SourceHealth[]): CoverageHole[];
}

export interface LedgerParts {
  readonly sources: readonly ExpectedSource[];
  readonly startedAt: number;
  readonly now: () => number;
}

export function createLedger({ sources, startedAt, now }: LedgerParts): Ledger {
  const accounts = new Map<string, Account>(
    sources.map(({ id }) => [
      id,
      { received: 0, stored: 0, unparsed: 0, rejected: 0, lastHeard: null, shown: 0 },
    ]),
  );
  const accountFor = (source: string): Account => {
    const account = accounts.get(source);
    if (!account) throw new Error(`no such source: ${source}`);
    return account;
  };
  const isSilent = (source: ExpectedSource, lastHeard: number | null): boolean =>
    source.expectEveryMs !== null && now() - (lastHeard ?? startedAt) > source.expectEveryMs;

  return {
    record: (source, { received, unparsed, stored }) => {
      const account = accountFor(source);
      account.received += received;
      account.unparsed += unparsed;
      account.stored += stored;
      if (received > 0) account.lastHeard = now();
    },
    reject: (source, lines) => {
      const account = accountFor(source);
      account.received += lines;
      account.rejected += lines;
      account.lastHeard = now();
    },
    health: () =>
      sources.map((source) => {
        const account = accountFor(source.id);
        const { received, stored, unparsed, rejected, lastHeard } = account;
        const since = received - account.shown;
        account.shown = received;
        return {
          id: source.id,
          kind: source.kind,
          received: since,
          totals: { received, stored, unparsed, rejected },
          pending: received - stored - rejected,
          lastHeard,
          silent: isSilent(source, lastHeard),
          fault: source.fault(),
        };
      }),
    holes: (health) =>
      health.flatMap((source): CoverageHole[] => [
        ...(source.fault ? [{ kind: 'source-fault' as const, source: source.id }] : []),
        ...(source.silent
          ? [{ kind: 'source-silent' as const, source: source.id, since: source.lastHeard }]
          : []),
      ]),
  };
}
