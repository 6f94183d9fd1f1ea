import { describe, expect, test } from 'vitest';
import { stateOf, type StateWord } from '../../../shared/live/state-word.ts';
import { freshnessOf } from '../../../client/state/feed-context.tsx';
import type { LiveState } from '../../../client/state/live-feed.ts';
import { isAboveUsual } from '../../../client/state/usual-range.ts';
import { factsOf } from '../../../client/state/use-state-words.ts';
import { alertOf, frameOf } from '../live-samples.ts';

const live: LiveState = {
  status: 'live',
  mode: 'production',
  version: '0',
  clockOffset: 0,
  frame: frameOf(1, { usualFailures: [90, 140] }),
  parties: [],
  alerts: [],
  openAlerts: 0,
  recentVersion: 1,
};
const hole = { kind: 'source-silent', source: 'nginx-2', since: null } as const;
const critical = alertOf('c', { severity: 'critical' });

const cases: [string, Partial<LiveState>, number | null, number, StateWord[]][] = [
  ['nothing is amiss', {}, 1_000, 100, ['normal']],
  ['nothing was ever heard', { frame: null }, null, 0, ['stopped']],
  ['the newest frame is over 30 s old', {}, 30_001, 100, ['stopped']],
  ['a critical alert is open', { alerts: [critical] }, 0, 100, ['incident']],
  [
    'a source is silent while a critical alert is open',
    { alerts: [critical], frame: frameOf(1, { coverage: [hole] }) },
    0,
    0,
    ['incident', 'cannot-tell'],
  ],
  ['only a source is silent', { frame: frameOf(1, { coverage: [hole] }) }, 0, 0, ['cannot-tell']],
  ['a high alert is open', { alerts: [alertOf('h')] }, 0, 100, ['elevated']],
  ['failures are far above usual', {}, 0, 842, ['elevated']],
  ['failures are just above the 90th percentile', {}, 0, 150, ['normal']],
];

test.each(cases)('when %s', (...[, over, age, perMinute, words]) => {
  expect(stateOf(factsOf({ ...live, ...over }, age, perMinute))).toEqual(words);
});

describe('the usual range', () => {
  test.each([
    [1_000, null, false],
    [7, [0, 2], false],
    [8, [0, 2], true],
    [210, [90, 140], false],
    [211, [90, 140], true],
  ] as const)('%s a minute against %s is above usual: %s', (perMinute, usual, above) => {
    expect(isAboveUsual(perMinute, usual === null ? null : [usual[0], usual[1]])).toBe(above);
  });
});

describe('freshness', () => {
  test.each([
    [null, 'connecting', 'waiting'],
    [3_000, 'live', 'fresh'],
    [3_001, 'live', 'aging'],
    [10_001, 'live', 'stale'],
    [0, 'lost', 'stale'],
    [0, 'signed-out', 'stale'],
    [30_001, 'lost', 'stopped'],
  ] as const)('%s ms old and %s is %s', (age, status, expected) => {
    expect(freshnessOf(age, status)).toBe(expected);
  });
});
