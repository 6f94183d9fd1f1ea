import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLedger } from '../../../server/coverage/ledger.ts';
import { frameOf, metricsOf, now, seriesOf, sourceOf } from './support.ts';

const engine = { keys: 17, capped: ['a'], faulty: [], late: 6 };
const labels = '{source="web",kind="file"}';

describe('the metrics', () => {
  it('are the numbers of the ledger, source by source', async () => {
    const source = {
      id: 'web',
      kind: 'file' as const,
      expectEveryMs: 1_000,
      fault: () => null,
      behind: () => 2_048,
    };
    const ledger = createLedger({ sources: [source], startedAt: now, now: () => now });
    ledger.receive('web', { received: 100, unparsed: 7, late: 4, newest: now - 1_500 });
    ledger.store('web', 95);
    ledger.reject('web', 2);
    ledger.repeat('web', 9);
    const metrics = metricsOf();
    const health = ledger.health();
    metrics.second(frameOf(health), engine);
    const series = seriesOf(await metrics.text());
    for (const [name, total] of Object.entries(health[0]?.totals ?? {}))
      expect([name, series.get(`siaga_source_${name}_lines_total${labels}`)]).toEqual([name, total]);
    const of = (name: string) => series.get(`siaga_source_${name}${labels}`);
    expect(of('received_lines_total')).toBe(
      (of('stored_lines_total') ?? 0) + (of('rejected_lines_total') ?? 0) + (of('pending_lines') ?? 0),
    );
    expect([of('pending_lines'), of('lag_seconds'), of('behind_bytes')]).toEqual([5, 1.5, 2_048]);
    expect(of('last_heard_timestamp_seconds')).toBe(now / 1_000);
  });

  it('follow the newest second: a total is not added up from scrape to scrape', async () => {
    const metrics = metricsOf();
    metrics.second(frameOf([sourceOf('web'), sourceOf('old')]), engine);
    await metrics.text();
    metrics.second(frameOf([sourceOf('web', { silent: true, fault: 'missing' })], { seq: 43 }), engine);
    const series = seriesOf(await metrics.text());
    expect(series.get(`siaga_source_received_lines_total${labels}`)).toBe(120);
    expect(series.get(`siaga_source_silent${labels}`)).toBe(1);
    expect(series.get(`siaga_source_fault${labels}`)).toBe(1);
    expect(series.get('siaga_frame_seq')).toBe(43);
    expect([...series.keys()].filter((name) => name.includes('source="old"'))).toEqual([]);
  });

  it('tell of engine, stores, books, sockets and frame', async () => {
    const metrics = metricsOf({
      storeFailingSince: () => now,
      ledgerCheck: () => ({ balanced: false, at: now }),
    });
    metrics.second(frameOf([]), engine);
    expect(Object.fromEntries(seriesOf(await metrics.text()))).toMatchObject({
      siaga_store_failing: 1,
      siaga_books_failing: 0,
      siaga_ledger_balanced: 0,
      siaga_ledger_checked_timestamp_seconds: now / 1_000,
      siaga_engine_keys: 17,
      siaga_engine_late_events_total: 6,
      siaga_rules_capped: 1,
      siaga_rules_faulty: 0,
      siaga_sockets_connected: 5,
      siaga_frame_age_seconds: 2,
      'siaga_build_info{version="0.1.0"}': 1,
    });
  });

  it('leave out what nobody can tell', async () => {
    const metrics = metricsOf({ ledgerCheck: () => null });
    const before = seriesOf(await metrics.text());
    expect([before.has('siaga_frame_seq'), before.has('siaga_ledger_balanced')]).toEqual([false, false]);
    const unknown = { lagMs: null, behindBytes: null, lastHeard: null };
    metrics.second(frameOf([sourceOf('web', unknown)]), engine);
    const series = seriesOf(await metrics.text());
    for (const name of ['lag_seconds', 'behind_bytes', 'last_heard_timestamp_seconds'])
      expect(series.has(`siaga_source_${name}${labels}`)).toBe(false);
    expect(series.has(`siaga_source_pending_lines${labels}`)).toBe(true);
  });

  it('stand in the table of docs/operating.md, each with its type, and no other', async () => {
    const metrics = metricsOf();
    metrics.second(frameOf([sourceOf('web')]), engine);
    const text = await metrics.text();
    const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => ({
      name,
      type,
    }));
    const docs = readFileSync(join(import.meta.dirname, '../../../docs/operating.md'), 'utf8');
    const section = docs.split('\n## Metrics\n')[1]?.split('\n## ')[0] ?? '';
    const rows = [...section.matchAll(/^\| `([a-z_*]+)` +\| (\w*) *\|/gm)].map(
      ([, name, type]) => `${name} ${type}`,
    );
    const isOwn = ({ name }: { name: string }) => name.startsWith('siaga_');
    const own = types.filter(isOwn).map(({ name, type }) => `${name} ${type}`);
    expect(own.length).toBeGreaterThan(20);
    expect(rows.toSorted()).toEqual([...own, 'process_* ', 'nodejs_* '].toSorted());
    for (const { name } of types.filter((each) => !isOwn(each))) expect(name).toMatch(/^(process|nodejs)_/);
  });
});
