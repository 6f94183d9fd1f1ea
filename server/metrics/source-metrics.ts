import { Counter, Gauge, type Registry } from 'prom-client';
import type { SourceHealth } from '../../shared/live/frame.ts';

type Totals = keyof SourceHealth['totals'];

const totalsHelp: Record<Totals, string> = {
  received: 'Lines that arrived: stored + rejected + pending',
  stored: 'Lines that are durable in the event store',
  unparsed: 'Lines that no parser understood; they are stored too',
  rejected: 'Lines that arrived and are not stored',
  late: 'Lines whose own time lay more than two minutes before their arrival; they are stored too',
  duplicate: 'Lines that came again in a batch that was stored already; not among those received',
};

interface Reading {
  readonly help: string;
  /** `null`: nobody can tell, and the series is left out. */
  readonly read: (source: SourceHealth) => number | null;
}

const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1_000);

const gauges: Readonly<Record<string, Reading>> = {
  siaga_source_pending_lines: {
    help: 'Lines that arrived and are neither stored nor rejected yet',
    read: ({ pending }) => pending,
  },
  siaga_source_lag_seconds: {
    help: 'How far the own time of the newest line lay before its arrival; absent before a line had one',
    read: ({ lagMs }) => seconds(lagMs),
  },
  siaga_source_behind_bytes: {
    help: 'Bytes of files that are there and not read yet; absent where nobody can tell',
    read: ({ behindBytes }) => behindBytes,
  },
  siaga_source_last_heard_timestamp_seconds: {
    help: 'When the newest line arrived, Unix time; absent before the first since the start',
    read: ({ lastHeard }) => seconds(lastHeard),
  },
  siaga_source_silent: {
    help: '1 while the source is quiet for longer than it may be',
    read: ({ silent }) => Number(silent),
  },
  siaga_source_fault: {
    help: '1 while something is wrong with the source itself, such as a missing file',
    read: ({ fault }) => Number(fault !== null),
  },
};

const labelNames = ['source', 'kind'] as const;
const labelsOf = ({ id, kind }: SourceHealth) => ({ source: id, kind });

/** Metrics of each configured source, as `sources` has them at a scrape. */
export function registerSourceMetrics(registry: Registry, sources: () => readonly SourceHealth[]): void {
  for (const [name, help] of Object.entries(totalsHelp) as [Totals, string][]) {
    const counter: Counter<'source' | 'kind'> = new Counter({
      name: `siaga_source_${name}_lines_total`,
      help: `${help}. Since the start of the process`,
      labelNames,
      registers: [registry],
      collect: () => {
        counter.reset();
        for (const source of sources()) counter.inc(labelsOf(source), source.totals[name]);
      },
    });
  }
  for (const [name, { help, read }] of Object.entries(gauges)) {
    const gauge: Gauge<'source' | 'kind'> = new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      collect: () => {
        gauge.reset();
        for (const source of sources()) {
          const value = read(source);
          if (value !== null) gauge.set(labelsOf(source), value);
        }
      },
    });
  }
}
