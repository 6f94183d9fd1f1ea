import type { CoverageHole, SourceHealth } from '../../shared/live/frame.ts';

/** Counts of one source's lines; `received = stored + rejected + pending`, at any moment. */
interface Account {
  received: number;
  stored: number;
  unparsed: number;
  rejected: number;
  late: number;
  duplicate: number;
  /** How far the newest line's own time lay before its arrival, ms. */
  lagMs: number | null;
  lastHeard: number | null;
  /** `received` at the last frame. */
  shown: number;
}

const newAccount = (): Account => ({
  received: 0,
  stored: 0,
  unparsed: 0,
  rejected: 0,
  late: 0,
  duplicate: 0,
  lagMs: null,
  lastHeard: null,
  shown: 0,
});

export interface ExpectedSource {
  readonly id: string;
  readonly kind: SourceHealth['kind'];
  readonly expectEveryMs: number | null;
  readonly fault: () => SourceHealth['fault'];
  readonly behind: () => number | null;
}

/** Lines that the pipeline has read. */
export interface ReceivedLines {
  readonly received: number;
  readonly unparsed: number;
  readonly late: number;
  /** Newest time of its own that a line has, epoch ms. */
  readonly newest: number | null;
}

/** Knows what each source sent and what became of it, since the server started; `books.ts` keeps it for good. */
export interface Ledger {
  /** Counts a source that came up after the start; one that is known stays as it is. */
  expect(source: ExpectedSource): void;
  receive(source: string, lines: ReceivedLines): void;
  store(source: string, lines: number): void;
  reject(source: string, lines: number): void;
  /** Lines that came again in a batch that is stored already. */
  repeat(source: string, lines: number): void;
  /** Received and not yet durable, by source. */
  pending(): Map<string, number>;
  /** Health of every source expected; `received` counts since the call before. */
  health(): SourceHealth[];
  /** What `health` says against trusting the picture. */
  holes(health: readonly SourceHealth[]): CoverageHole[];
}

export interface LedgerParts {
  readonly sources: readonly ExpectedSource[];
  readonly startedAt: number;
  readonly now: () => number;
}

export function createLedger({ sources: configured, startedAt, now }: LedgerParts): Ledger {
  const sources = [...configured];
  const accounts = new Map(sources.map(({ id }) => [id, newAccount()]));
  const accountFor = (source: string): Account => {
    const account = accounts.get(source);
    if (!account) throw new Error(`no such source: ${source}`);
    return account;
  };
  const isSilent = (source: ExpectedSource, lastHeard: number | null): boolean =>
    source.expectEveryMs !== null && now() - (lastHeard ?? startedAt) > source.expectEveryMs;

  return {
    expect: (source) => {
      if (accounts.has(source.id)) return;
      accounts.set(source.id, newAccount());
      sources.push(source);
    },
    receive: (source, { received, unparsed, late, newest }) => {
      const account = accountFor(source);
      account.received += received;
      account.unparsed += unparsed;
      account.late += late;
      if (received > 0) account.lastHeard = now();
      if (newest !== null) account.lagMs = Math.max(0, now() - newest);
    },
    store: (source, lines) => void (accountFor(source).stored += lines),
    repeat: (source, lines) => {
      const account = accountFor(source);
      account.duplicate += lines;
      account.lastHeard = now();
    },
    pending: () =>
      new Map(
        [...accounts].map(([id, { received, stored, rejected }]) => [id, received - stored - rejected]),
      ),
    reject: (source, lines) => {
      const account = accountFor(source);
      account.received += lines;
      account.rejected += lines;
      account.lastHeard = now();
    },
    health: () => sources.map((source) => healthOf(source, accountFor(source.id), isSilent)),
    holes: (health) => health.flatMap(holesOf),
  };
}

function healthOf(
  source: ExpectedSource,
  account: Account,
  isSilent: (source: ExpectedSource, lastHeard: number | null) => boolean,
): SourceHealth {
  const { shown, lagMs, lastHeard, ...totals } = account;
  account.shown = totals.received;
  return {
    id: source.id,
    kind: source.kind,
    received: totals.received - shown,
    totals,
    lagMs,
    behindBytes: source.behind(),
    pending: totals.received - totals.stored - totals.rejected,
    lastHeard,
    silent: isSilent(source, lastHeard),
    fault: source.fault(),
  };
}

const holesOf = ({ id, fault, silent, lastHeard }: SourceHealth): CoverageHole[] => [
  ...(fault ? [{ kind: 'source-fault' as const, source: id }] : []),
  ...(silent ? [{ kind: 'source-silent' as const, source: id, since: lastHeard }] : []),
];
