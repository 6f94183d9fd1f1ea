import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { AuditState } from '../../shared/api/audit.ts';
import type { Frame, LedgerCheck } from '../../shared/live/frame.ts';
import type { LimitCounters } from '../limits/limit-counters.ts';
import { limitNames } from '../limits/limits.ts';
import type { EngineHealth } from '../detect/detection.ts';
import { registerSourceMetrics } from './source-metrics.ts';

/** What Siaga tells a Prometheus server of itself. */
export interface Metrics {
  /** Takes what a second came to; before the first, what comes from frames is absent. */
  second(frame: Frame, engine: EngineHealth): void;
  /** All metrics now, in Prometheus' text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

export interface MetricsParts {
  readonly version: string;
  readonly now: () => number;
  /** Since when inserts fail, epoch ms; `null` while they succeed. */
  readonly storeFailingSince: () => number | null;
  /** The same of the books. */
  readonly booksFailingSince: () => number | null;
  readonly ledgerCheck: () => LedgerCheck | null;
  /** How often each limit was reached. */
  readonly limits: Pick<LimitCounters, 'total'>;
  /** Live sockets that are connected. */
  readonly sockets: () => number;
  /** How the audit log stands, and what of it is only counted. */
  readonly audit: () => AuditState & { readonly leftOut: number; readonly strangers: number };
}

interface Second {
  readonly frame: Frame;
  readonly engine: EngineHealth;
}

/** Metrics on a registry of their own; the numbers of sources are those of the newest frame. */
export function createMetrics(parts: MetricsParts): Metrics {
  const registry = new Registry();
  let newest: Second | null = null;
  registerSourceMetrics(registry, () => newest?.frame.sources ?? []);
  registerOwnMetrics(registry, parts, () => newest);
  registerLimitMetrics(registry, parts.limits);
  new Gauge({
    name: 'siaga_build_info',
    help: 'Always 1; the version is a label',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version: parts.version }, 1);
  collectDefaultMetrics({ register: registry });
  return {
    second: (frame, engine) => {
      newest = { frame, engine };
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function registerLimitMetrics(registry: Registry, limits: MetricsParts['limits']): void {
  const counter: Counter<'limit'> = new Counter({
    name: 'siaga_limit_reached_total',
    help: 'Requests, searches and sockets that a limit refused or ended. Since the start of the process',
    labelNames: ['limit'],
    registers: [registry],
    collect: () => {
      counter.reset();
      for (const limit of limitNames) counter.inc({ limit }, limits.total(limit));
    },
  });
}

interface Reading {
  readonly help: string;
  /** `null`: it can't be told, and the metric is left out. */
  readonly read: (parts: MetricsParts, second: Second | null) => number | null;
}

const failing = (since: number | null): number => Number(since !== null);
const ofSecond =
  (read: (second: Second, parts: MetricsParts) => number): Reading['read'] =>
  (parts, second) =>
    second === null ? null : read(second, parts);
const ofCheck =
  (read: (check: LedgerCheck) => number): Reading['read'] =>
  ({ ledgerCheck }) => {
    const check = ledgerCheck();
    return check === null ? null : read(check);
  };

const ofAudit =
  (read: (audit: ReturnType<MetricsParts['audit']>) => number | null): Reading['read'] =>
  ({ audit }) =>
    read(audit());

const auditGauges: Readonly<Record<string, Reading>> = {
  siaga_audit_failing: {
    help: '1 while the state store takes no note of what is done',
    read: ofAudit(({ failure }) => Number(failure !== null)),
  },
  siaga_audit_chain_unbroken: {
    help: '1 when the last walk found each row of the audit log as it was written, 0 when not; absent before the first and when it failed',
    read: ofAudit(({ chain }) => {
      if (chain.kind === 'unbroken') return 1;
      return chain.kind === 'broken' ? 0 : null;
    }),
  },
  siaga_audit_heads_failing: {
    help: '1 while heads of the audit log can not be sent out',
    read: ofAudit(({ heads }) => failing(heads.failingSince)),
  },
  siaga_audit_heads_waiting: {
    help: 'Heads of the audit log that wait to be sent out',
    read: ofAudit(({ heads }) => heads.waiting),
  },
  siaga_audit_head_sent_timestamp_seconds: {
    help: 'When a head of the audit log was sent out last, Unix time; absent before the first',
    read: ofAudit(({ heads }) => (heads.lastAt === null ? null : heads.lastAt / 1_000)),
  },
};

const gauges: Readonly<Record<string, Reading>> = {
  ...auditGauges,
  siaga_store_failing: {
    help: '1 while events can not be stored',
    read: ({ storeFailingSince }) => failing(storeFailingSince()),
  },
  siaga_books_failing: {
    help: '1 while the ledger can not be written',
    read: ({ booksFailingSince }) => failing(booksFailingSince()),
  },
  siaga_ledger_balanced: {
    help: '1 when ledger and event store agreed over the last hour, compared each minute; absent when that failed for five minutes',
    read: ofCheck(({ balanced }) => Number(balanced)),
  },
  siaga_ledger_checked_timestamp_seconds: {
    help: 'When ledger and event store were compared last, Unix time',
    read: ofCheck(({ at }) => at / 1_000),
  },
  siaga_engine_keys: {
    help: 'Live keys of correlations, over all rules',
    read: ofSecond(({ engine }) => engine.keys),
  },
  siaga_rules_capped: {
    help: 'Rules that reached their cap of keys within the last second',
    read: ofSecond(({ engine }) => engine.capped.length),
  },
  siaga_rules_faulty: {
    help: 'Rules set aside because they failed',
    read: ofSecond(({ engine }) => engine.faulty.length),
  },
  siaga_coverage_holes: {
    help: 'Reasons why the picture can not be trusted fully',
    read: ofSecond(({ frame }) => frame.coverage.length),
  },
  siaga_sockets_connected: {
    help: 'Live sockets of browsers',
    read: ({ sockets }) => sockets(),
  },
  siaga_frame_seq: {
    help: 'Number of the newest frame; it grows by one each second',
    read: ofSecond(({ frame }) => frame.seq),
  },
  siaga_frame_age_seconds: {
    help: 'Age of the newest frame',
    read: ofSecond(({ frame }, { now }) => Math.max(0, now() - frame.at) / 1_000),
  },
};

function registerOwnMetrics(registry: Registry, parts: MetricsParts, newest: () => Second | null): void {
  for (const [name, { help, read }] of Object.entries(gauges)) {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [registry],
      collect: () => {
        gauge.remove();
        const value = read(parts, newest());
        if (value !== null) gauge.set(value);
      },
    });
  }
  registerAuditCounters(registry, parts);
  const late: Counter = new Counter({
    name: 'siaga_engine_late_events_total',
    help: 'Events that came too late to count in a correlation. Since the start of the process',
    registers: [registry],
    collect: () => {
      late.reset();
      late.inc(newest()?.engine.late ?? 0);
    },
  });
}

function registerAuditCounters(registry: Registry, { audit }: MetricsParts): void {
  const counters = {
    siaga_refusals_unauthenticated_total: {
      help: 'Requests and sockets refused because nobody was signed in. Since the start of the process',
      read: () => audit().strangers,
    },
    siaga_audit_notes_limited_total: {
      help: 'Acts repeated so often that they are in the audit log as a count. Since the start of the process',
      read: () => audit().leftOut,
    },
  };
  for (const [name, { help, read }] of Object.entries(counters)) {
    const counter: Counter = new Counter({
      name,
      help,
      registers: [registry],
      collect: () => {
        counter.reset();
        counter.inc(read());
      },
    });
  }
}
