import { createMetrics, type MetricsParts } from '../../../server/metrics/metrics.ts';
import type { Frame, SourceHealth } from '../../../shared/live/frame.ts';

export const now = 1_764_000_000_000;

export const sourceOf = (id: string, over: Partial<SourceHealth> = {}): SourceHealth => ({
  id,
  kind: 'file',
  received: 10,
  totals: { received: 120, stored: 115, unparsed: 7, rejected: 2, late: 4, duplicate: 9 },
  lagMs: 1_500,
  behindBytes: 2_048,
  pending: 3,
  lastHeard: now - 4_000,
  silent: false,
  fault: null,
  ...over,
});

export const frameOf = (sources: SourceHealth[], over: Partial<Frame> = {}): Frame => ({
  seq: 42,
  at: now - 2_000,
  events: 10,
  unparsed: 0,
  signals: 0,
  logins: { success: 0, failure: 0, blocked: 0 },
  parties: [],
  partyFailures: {},
  topFailures: [],
  accounts: {
    national: { registered: 0, present: 0 },
    aceh: { registered: 0, present: 0 },
    absent: [],
    unknown: [],
  },
  sources,
  coverage: [],
  usualFailures: null,
  watermark: null,
  ...over,
});

export const metricsOf = (over: Partial<MetricsParts> = {}) =>
  createMetrics({
    version: '0.1.0',
    now: () => now,
    storeFailingSince: () => null,
    booksFailingSince: () => null,
    ledgerCheck: () => ({ balanced: true, at: now - 30_000 }),
    limits: { total: () => 0 },
    sockets: () => 5,
    audit: () => ({
      chain: { kind: 'unbroken', at: now - 60_000, rows: 12 },
      heads: { kind: 'file', lastAt: now - 90_000, failingSince: null, error: null, waiting: 0, dropped: 0 },
      failure: null,
      leftOut: 3,
      strangers: 40,
    }),
    ...over,
  });

/** A line of the text format: name with labels, and its value. Throws at a line that is neither that nor a comment. */
export function seriesOf(text: string): Map<string, number> {
  const series = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (
      line === '' ||
      /^# (HELP [a-z0-9_]+ \S.*|TYPE [a-z0-9_]+ (counter|gauge|histogram|summary))$/.test(line)
    )
      continue;
    const [, name, value] =
      /^([a-z0-9_]+(?:\{(?:[a-z_]+="[^"\\\n]*",?)*\})?) (-?[0-9.e+-]+|Na[nN]|[+-]Inf)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`not in the text format: ${line}`);
    series.set(name, Number(value));
  }
  return series;
}
