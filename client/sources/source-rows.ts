import type { Ledger, LedgerMinute, LedgerSource } from '../../shared/api/ledger.ts';
import type { Frame, SourceHealth } from '../../shared/live/frame.ts';

/** What is known of one source: how it is now, and what the ledger of the range says. */
export interface SourceRow {
  readonly id: string;
  /** `null` while no frame was heard, and for a source that is configured no more. */
  readonly health: SourceHealth | null;
  /** False for a source that only the ledger knows. */
  readonly configured: boolean;
  /** `null` while the ledger is not read. */
  readonly counts: LedgerSource | null;
  /** True when each of its minutes agrees with the event store. */
  readonly balanced: boolean;
}

const nothing = {
  received: 0,
  stored: 0,
  unparsed: 0,
  rejected: 0,
  late: 0,
  duplicate: 0,
  pending: 0,
  inStore: 0,
};
const names = Object.keys(nothing) as (keyof typeof nothing)[];

/** Whether there were books in any part of the range; without them nothing is known, and nothing is proved. */
export const isKept = ({ to, since }: Pick<Ledger, 'to' | 'since'>): boolean => to > since;

/** The configured sources in their order, then those that only the ledger knows. */
export function joinSources(frame: Frame | null, ledger: Ledger | undefined): SourceRow[] {
  const counts = new Map(ledger?.sources.map((each) => [each.source, each]));
  const off = new Set(ledger?.differences.map(({ source }) => source));
  const rowOf = (id: string, health: SourceHealth | null): SourceRow => {
    const known =
      counts.get(id) ?? (ledger && isKept(ledger) ? { source: id, ...nothing, balanced: true } : null);
    return {
      id,
      health,
      configured: health !== null || frame === null,
      counts: known,
      balanced: (known?.balanced ?? true) && !off.has(id),
    };
  };
  const configured = frame?.sources ?? [];
  const ids = new Set(configured.map(({ id }) => id));
  return [
    ...configured.map((health) => rowOf(health.id, health)),
    ...[...counts.keys()].filter((id) => !ids.has(id)).map((id) => rowOf(id, null)),
  ];
}

/** The counts of all sources together. */
export function totalOf(sources: readonly LedgerSource[]): Omit<LedgerSource, 'source' | 'balanced'> {
  const total = { ...nothing };
  for (const source of sources) for (const name of names) total[name] += source[name];
  return total;
}

/** By how many lines the event store is off what the ledger says; of a minute or of a whole range. */
export function differenceOf(
  counts: Pick<LedgerMinute, 'received' | 'stored' | 'rejected' | 'inStore'> & { readonly pending?: number },
): number {
  const { received, stored, rejected, inStore, pending = 0 } = counts;
  return inStore === stored ? stored + rejected + pending - received : inStore - stored;
}
