import { expect, test } from 'vitest';
import { queueView, worstOf } from '../../../client/alerts/queue-order.ts';
import { alertOf } from '../live-samples.ts';

const [a, b, c] = [
  alertOf('a'),
  alertOf('b', { severity: 'medium' }),
  alertOf('c', { severity: 'critical' }),
];
const ids = (view: ReturnType<typeof queueView>) =>
  view.rows.map(({ alert, gone }) => alert.id + (gone ? '†' : ''));

test('is as it comes while nothing is held', () => {
  const view = queueView([c, a, b], null);
  expect(ids(view)).toEqual(['c', 'a', 'b']);
  expect(view.fresh).toEqual([]);
});

test('keeps its places while held, and lets new ones wait', () => {
  const view = queueView([c, a, b], [a, b]);
  expect(ids(view)).toEqual(['a', 'b']);
  expect(view.fresh.map(({ id }) => id)).toEqual(['c']);
});

test('keeps the place of one that was closed', () => {
  expect(ids(queueView([b], [a, b]))).toEqual(['a†', 'b']);
});

test('shows the newest content of what it holds', () => {
  const view = queueView([{ ...a, count: 99 }], [a]);
  expect(view.rows[0]?.alert.count).toBe(99);
});

test('knows the worst of those that wait', () => {
  expect(worstOf([b, c, a])).toBe('critical');
  expect(worstOf([])).toBeNull();
});
