import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Detection, DetectionEngine } from '../../../server/detect/detection.ts';
import { createEngine } from '../../../server/detect/engine.ts';
import type { Rule } from '../../../server/detect/rule.ts';
import {
  at,
  collect,
  counted,
  eventCount,
  plain,
  probe,
  rulesOf,
  setUp,
  start,
  valueCount,
} from './engine-desk.ts';
import { eventOf } from './sigma-events.ts';

describe('a rule of single events', () => {
  it('reports at once, grows, and is reported again by drain only, once', () => {
    const { push, drain } = setUp(plain);
    const [first, ...more] = push(probe(0), probe(1), probe(2));
    expect(first).toMatchObject({
      ruleId: 'probe',
      key: { 'source.ip': '203.0.113.9' },
      count: 1,
      first: start,
      last: start,
    });
    expect(first?.id).toMatch(/^[0-9a-f]{32}$/);
    expect(more).toEqual([]);
    expect(drain(3)).toEqual([{ ...first, count: 3, last: start + 2_000 }]);
    expect(drain(4)).toEqual([]);
  });

  it('makes one detection of a scanner with a thousand probes a second', () => {
    const { push, drain } = setUp(plain);
    const found = push(...Array.from({ length: 10_000 }, (_, index) => probe(index / 1_000)));
    expect(found).toHaveLength(1);
    expect(drain(10)).toMatchObject([{ id: found[0]?.id, count: 10_000 }]);
  });

  it('begins another after five quiet minutes, not before', () => {
    const { push } = setUp(plain);
    expect(push(probe(0), probe(300))).toHaveLength(1);
    const [ended, begun] = push(probe(601));
    expect(ended).toMatchObject({ count: 2, last: start + 300_000 });
    expect(begun).toMatchObject({ count: 1, first: start + 601_000 });
    expect(begun?.id).not.toBe(ended?.id);
  });

  it('begins another with the full hour', () => {
    const { push } = setUp(plain);
    const toTheHour = 55 * 60;
    const found = push(...Array.from({ length: 60 }, (_, index) => probe(toTheHour - 100 + index * 4)));
    expect(found).toHaveLength(3);
    expect(found[2]).toMatchObject({ first: start + toTheHour * 1_000, count: 1 });
  });

  it('never loses a match that comes late: it joins the running episode', () => {
    const { push, drain } = setUp(plain);
    const [found] = push(probe(200), probe(0));
    expect(drain(201)).toMatchObject([{ id: found?.id, first: start, last: start + 200_000, count: 2 }]);
  });

  it('keeps keys apart', () => {
    const { push } = setUp(plain);
    expect(push(probe(0, '203.0.113.1'), probe(0, '203.0.113.2'))).toHaveLength(2);
  });

  it('groups by what the rule says, absent fields left out', () => {
    const { push } = setUp(`${plain}siaga.group-by: [organization.id, user.name]\n`);
    const [found] = push(probe(0));
    expect(found?.key).toEqual({});
  });
});

describe('an event count', () => {
  it('fires the moment its condition first holds, with what made it hold', () => {
    const { push, drain } = setUp(eventCount);
    expect(push(at(0), at(30))).toEqual([]);
    const [found] = push(at(60));
    expect(found).toMatchObject({
      ruleId: 'correlation',
      key: { 'user.name': 'operator.01' },
      first: start,
      last: start + 60_000,
      count: 3,
    });
    expect(push(at(61))).toEqual([]);
    expect(drain(62)).toEqual([{ ...found, last: start + 61_000, count: 4 }]);
  });

  it.each([
    ['exactly a time span apart', 60, 1],
    ['a second more', 61, 0],
  ])('counts events %s', (_title, last, detections) => {
    expect(setUp(eventCount).push(at(0), at(30), at(last))).toHaveLength(detections);
  });

  it('ends when the window falls below, and begins anew with a new id', () => {
    const { push, drain } = setUp(eventCount);
    const [first] = push(at(0), at(1), at(2));
    expect(push(at(100))).toEqual([]);
    expect(drain(100)).toEqual([]);
    const [second] = push(at(101), at(102));
    expect(second).toMatchObject({ first: start + 100_000, count: 3 });
    expect(second?.id).not.toBe(first?.id);
  });

  it('reports the rest of an episode that ends before a drain', () => {
    const { push } = setUp(eventCount);
    const [found] = push(at(0), at(1), at(2), at(3));
    expect(push(at(100))).toEqual([{ ...found, last: start + 3_000, count: 4 }]);
  });

  it('counts late events by their own time, within bounds; others are ignored and counted as late', () => {
    const { push, engine } = setUp(eventCount, { latenessMs: 30_000 });
    expect(push(at(60), at(20), at(29))).toEqual([]);
    expect(engine.health().late).toBe(2);
    expect(push(at(30), at(45))).toHaveLength(1);
  });

  it('takes no part in events without its group-by field', () => {
    const { push, engine } = setUp(eventCount);
    expect(push(...Array.from({ length: 5 }, () => at(0, { 'user.name': null })))).toEqual([]);
    expect(engine.health().keys).toBe(0);
  });

  it('judges an event from the future at its arrival', () => {
    const { push } = setUp(eventCount);
    const future = (seconds: number) =>
      at(seconds, { '@timestamp': Date.UTC(2036, 0, 1), 'event.ingested': start + seconds * 1_000 });
    const [found] = push(future(0), future(1), future(2));
    expect(found).toMatchObject({ first: start, last: start + 2_000 });
  });

  it('goes on in a new episode with the full hour, so that the counts of all add up', () => {
    const { push, drain } = setUp(eventCount);
    const toTheHour = 55 * 60;
    const found = [
      ...push(...Array.from({ length: 40 }, (_, index) => at(toTheHour - 100 + index * 5))),
      ...drain(toTheHour + 200),
    ];
    const totals = new Map(found.map(({ id, count }) => [id, count]));
    expect(totals.size).toBe(2);
    expect([...totals.values()].reduce((sum, count) => sum + count, 0)).toBe(40);
  });

  it('keeps its base silent unless it generates', () => {
    expect(setUp(eventCount).engine.rules.map(({ id }) => id)).toEqual(['correlation']);
    const both = setUp(counted('type: event_count, timespan: 1m, condition: { gt: 1 }', true));
    expect(both.push(at(0), at(1)).map(({ ruleId }) => ruleId)).toEqual(['failed', 'correlation']);
  });

  it('counts an event once that two of its bases match', () => {
    const text = `
title: A
id: a
logsource: { category: authentication }
detection: { s: { event.outcome: failure }, condition: s }
---
title: B
id: b
logsource: { category: authentication }
detection: { s: { event.action: user-login }, condition: s }
---
title: C
id: c
correlation: { type: event_count, rules: [a, b], timespan: 1m, condition: { gte: 2 } }
`;
    const { push } = setUp(text);
    expect(push(at(0))).toEqual([]);
    expect(push(at(1))).toHaveLength(1);
  });
});

describe('a value count', () => {
  it('fires on distinct values', () => {
    const { push } = setUp(valueCount);
    expect(push(at(0), at(1), at(2, { 'user.name': 'b' }), at(3, { 'user.name': null }))).toEqual([]);
    expect(push(at(4, { 'user.name': 'c' }))).toMatchObject([
      { key: { 'source.ip': '203.0.113.9' }, first: start + 1_000, count: 3 },
    ]);
  });

  it('forgets values as they leave the window', () => {
    const { push } = setUp(valueCount);
    const users = ['a', 'b', 'c', 'd'];
    expect(push(...users.map((user, index) => at(index * 31, { 'user.name': user })))).toEqual([]);
  });
});

describe('state', () => {
  it('is capped by key, the least recently used goes, and it is shown until looked at', () => {
    const { push, engine } = setUp(eventCount, { maxKeysPerRule: 2 });
    push(
      at(0, { 'user.name': 'a' }),
      at(1, { 'user.name': 'b' }),
      at(2, { 'user.name': 'a' }),
      at(3, { 'user.name': 'c' }),
    );
    expect(engine.health()).toMatchObject({ keys: 2, capped: ['correlation'] });
    expect(engine.health().capped).toEqual([]);
    expect(push(at(4, { 'user.name': 'a' }))).toHaveLength(1);
  });

  it('reports the growth of an episode that must go for a new key', () => {
    const { push } = setUp(plain, { maxKeysPerRule: 1 });
    const [first] = push(probe(0, '203.0.113.1'), probe(1, '203.0.113.1'));
    expect(push(probe(2, '203.0.113.2'))).toMatchObject([{ id: first?.id, count: 2 }, { count: 1 }]);
  });

  it('expires with its window', () => {
    const { push, drain, engine } = setUp(eventCount);
    push(at(0));
    drain(60 + 120);
    expect(engine.health().keys).toBe(1);
    drain(60 + 2 * 120 + 1);
    expect(engine.health().keys).toBe(0);
  });

  it('says how far back a restart must read', () => {
    expect(setUp(eventCount).engine.longestWindowMs).toBe(3_600_000 + 2 * 60_000 + 120_000);
  });
});

describe('a rule that throws', () => {
  const broken = (id: string): Rule => ({
    kind: 'detection',
    info: {
      id,
      title: { id, en: id },
      short: { id, en: id },
      severity: 'low',
      tags: [],
      description: null,
      falsePositives: { id: [], en: [] },
      response: null,
    },
    scope: { datasets: ['access'], category: null },
    when: {
      kind: 'field',
      field: 'url.original',
      test: {
        kind: 're',
        regex: {
          test: () => {
            throw new Error('broken');
          },
        },
      },
    },
    groupBy: [],
    reports: true,
  });

  it('is set aside and named, and the others go on', () => {
    const engine: DetectionEngine = createEngine({ rules: [broken('broken'), ...rulesOf(plain)] });
    const found = collect((report) => engine.push(probe(0), report));
    expect(found).toMatchObject([{ ruleId: 'probe' }]);
    expect(engine.health().faulty).toEqual(['broken']);
    expect(() => engine.push(probe(1), () => undefined)).not.toThrow();
  });
});

describe('rules and events', () => {
  it.each([
    ['category: webserver', { 'event.dataset': 'access' }, true],
    ['category: webserver', { 'event.dataset': 'account' }, false],
    ['category: webserver, product: nginx', { 'event.dataset': 'access' }, true],
    ['category: webserver, product: iis', { 'event.dataset': 'access' }, false],
    ['service: nginx', { 'event.dataset': 'unparsed' }, true],
    ['product: apache', { 'event.dataset': 'error' }, true],
    ['service: nginx', { 'event.dataset': 'log' }, false],
    ['category: webserver', { 'event.dataset': 'error' }, false],
    ['product: siaga, service: error', { 'event.dataset': 'error' }, true],
    ['product: siaga, service: log', { 'event.dataset': 'log' }, true],
    ['product: siaga, service: account', { 'event.dataset': 'account' }, true],
    ['product: siaga, service: account', { 'event.dataset': 'signal' }, false],
    ['product: siaga, service: signal', { 'event.dataset': 'signal' }, true],
    ['product: siaga', { 'event.dataset': 'unparsed' }, false],
    ['category: authentication', { 'event.dataset': 'access', 'event.category': 'authentication' }, true],
    ['category: authentication', { 'event.dataset': 'access', 'event.category': 'web' }, false],
    ['category: authentication', { 'event.dataset': 'account', 'event.action': 'user-login' }, true],
    ['category: authentication', { 'event.dataset': 'account', 'event.action': 'role-changed' }, false],
    ['category: proxy', { 'event.dataset': 'access' }, false],
  ])('%s sees %j: %s', (logsource, fields, seen) => {
    const text = `title: x\nlogsource: { ${logsource} }\ndetection: { s: { siaga.source: test }, condition: s }`;
    const engine = createEngine({ rules: rulesOf(text) });
    const found = collect((report) => engine.push(eventOf(fields), report));
    expect(found.length > 0).toBe(seen);
  });
});

describe('the same events in the same order', () => {
  const event = fc.record({
    gap: fc.integer({ min: -90, max: 200 }),
    user: fc.constantFrom('a', 'b', 'c', 'd'),
    address: fc.constantFrom('203.0.113.1', '203.0.113.2'),
    party: fc.constantFrom('P01', 'P02', 'PX'),
    drains: fc.nat(2),
  });
  const rules =
    rulesOf(`${counted('type: event_count, group-by: [user.name], timespan: 60s, condition: { gte: 3 }', true)}
---
title: Values
id: values
correlation: { type: value_count, rules: [failed], group-by: [source.ip], timespan: 120s, condition: { field: user.name, gte: 3 } }
`);

  it('give the same ids, counts, times and parties however drains come between', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 80 }), (steps) => {
        const run = (drains: boolean): Map<string, Detection> => {
          const engine = createEngine({ rules, maxKeysPerRule: 3 });
          const last = new Map<string, Detection>();
          const report = (detection: Detection): void => void last.set(detection.id, detection);
          let now = 0;
          for (const { gap, user, address, party, drains: times } of steps) {
            now += Math.max(gap, 0);
            engine.push(
              at(now + Math.min(gap, 0), {
                'user.name': user,
                'source.ip': address,
                'organization.id': party,
                'siaga.party.kind': 'national',
                'event.ingested': start + now * 1_000,
              }),
              report,
            );
            for (let i = 0; i < (drains ? times : 0); i++) engine.drain(start + now * 1_000, report);
          }
          engine.drain(start + now * 1_000, report);
          return last;
        };
        expect(run(true)).toEqual(run(false));
      }),
      { numRuns: 300 },
    );
  });
});
