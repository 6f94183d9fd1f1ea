import type { Ledger, LedgerMinute, LedgerSource } from '../../../shared/api/ledger.ts';
import type { SourceHealth } from '../../../shared/live/frame.ts';
import { start } from '../live-samples.ts';

/** The whole minute in which the samples begin. */
export const minute0 = Math.floor(start / 60_000) * 60_000;
export const hour = 3_600_000;

const counts = { received: 0, stored: 0, unparsed: 0, rejected: 0, late: 0, duplicate: 0, inStore: 0 };

export const countsOf = (source: string, over: Partial<LedgerSource> = {}): LedgerSource => ({
  source,
  ...counts,
  pending: 0,
  balanced: true,
  ...over,
});

export const minuteOf = (source: string, minute: number, over: Partial<LedgerMinute> = {}): LedgerMinute => ({
  source,
  minute,
  ...counts,
  ...over,
});

export const ledgerOf = (over: Partial<Ledger> = {}): Ledger => ({
  from: minute0 - hour,
  to: minute0 + 60_000,
  since: minute0 - 10 * hour,
  balanced: true,
  sources: [],
  minutes: [],
  differences: [],
  rejections: [],
  ...over,
});

export const healthOf = (id: string, over: Partial<SourceHealth> = {}): SourceHealth => ({
  id,
  kind: 'file',
  received: 10,
  totals: { received: 100, stored: 100, unparsed: 0, rejected: 0, late: 0, duplicate: 0 },
  lagMs: null,
  behindBytes: null,
  pending: 0,
  lastHeard: start + 9_000,
  silent: false,
  fault: null,
  ...over,
});
