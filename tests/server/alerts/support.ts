import { createAlertBook, type AlertBook } from '../../../server/alerts/alert-book.ts';
import type { Detection, RuleInfo } from '../../../server/detect/detection.ts';
import { openStateStore, type StateStore } from '../../../server/store/state/state-store.ts';

export const rule = (id: string, changes: Partial<RuleInfo> = {}): RuleInfo => ({
  id,
  title: { id: `Aturan ${id}`, en: `Rule ${id}` },
  short: { id: `Singkat ${id}`, en: `Short ${id}` },
  severity: 'high',
  tags: ['attack.t1110'],
  description: { id: 'Banyak login gagal.', en: 'Many failed logins.' },
  falsePositives: { id: ['Lupa sandi'], en: ['A forgotten password'] },
  response: { id: 'Hubungi pemilik akun.', en: 'Call the owner of the account.' },
  ...changes,
});

export const detection = (changes: Partial<Detection> = {}): Detection => ({
  id: 'd1',
  ruleId: 'brute-force',
  key: { 'source.ip': '203.0.113.9' },
  first: 1_000,
  last: 2_000,
  count: 5,
  parties: [],
  ...changes,
});

export interface Desk {
  store: StateStore;
  book: AlertBook;
  clock: { now: number };
  faults: unknown[];
}

/** An alert book over an empty store in memory, with ids `a1`, `a2`, … and a clock that stands still. */
export async function openAlertBook(): Promise<Desk> {
  const store = await openStateStore({ file: ':memory:' });
  const clock = { now: 1_000_000 };
  const faults: unknown[] = [];
  const rules = new Map(
    [rule('brute-force'), rule('scan', { severity: 'low' }), rule('takeover', { severity: 'critical' })].map(
      (info) => [info.id, info],
    ),
  );
  let ids = 0;
  const book = createAlertBook({
    db: store.db,
    ruleOf: (id) => rules.get(id),
    now: () => clock.now,
    newId: () => `a${(ids += 1)}`,
    onListenerFault: (error) => faults.push(error),
  });
  return { store, book, clock, faults };
}
