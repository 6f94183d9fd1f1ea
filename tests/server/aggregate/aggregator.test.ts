import { describe, expect, it } from 'vitest';
import { maxFailingAccounts, maxSightings } from '../../../server/aggregate/account-sightings.ts';
import { createAggregator } from '../../../server/aggregate/aggregator.ts';
import { createMinuteCounts } from '../../../server/aggregate/minute-counts.ts';
import { emptyEvent } from '../../../shared/event/empty-event.ts';
import type { SiagaEvent } from '../../../shared/event/fields.ts';

const start = Date.parse('2026-11-23T05:00:00Z');
const minute = 60_000;

const login = (outcome: string, arrived: number, fields: Partial<SiagaEvent> = {}): SiagaEvent => ({
  ...emptyEvent(),
  '@timestamp': arrived,
  'event.ingested': arrived,
  'event.dataset': 'account',
  'event.action': 'user-login',
  'event.outcome': outcome,
  'source.ip': '203.0.113.9',
  'organization.id': 'P07',
  'siaga.party.kind': 'national',
  'user.name': 'operator07',
  ...fields,
});

describe('a second', () => {
  it('sums logins by how they ended, in all and by party', () => {
    const aggregator = createAggregator();
    aggregator.add(login('success', start));
    aggregator.add(login('failure', start));
    aggregator.add(
      login('failure', start, {
        'event.type': 'denied',
        'organization.id': 'A4',
        'siaga.party.kind': 'aceh',
      }),
    );
    expect(aggregator.close(start)).toMatchObject({
      events: 3,
      logins: { success: 1, failure: 1, blocked: 1 },
      parties: [
        ['P07', 1, 1, 0],
        ['A4', 0, 0, 1],
      ],
    });
  });

  it('keeps failures of an hour by party and of 15 minutes by address', () => {
    const aggregator = createAggregator();
    aggregator.add(login('failure', start));
    expect(aggregator.close(start + 14 * minute)).toMatchObject({
      partyFailures: { P07: 1 },
      topFailures: [['203.0.113.9', 1]],
    });
    expect(aggregator.close(start + 15 * minute)).toMatchObject({
      partyFailures: { P07: 1 },
      topFailures: [],
    });
    expect(aggregator.close(start + 60 * minute)).toMatchObject({ partyFailures: {} });
  });

  it('names the ten addresses with the most failures, most first', () => {
    const aggregator = createAggregator();
    for (let host = 1; host <= 12; host += 1) {
      for (let n = 0; n < host; n += 1)
        aggregator.add(login('failure', start, { 'source.ip': `192.0.2.${host}` }));
    }
    const { topFailures } = aggregator.close(start);
    expect(topFailures).toHaveLength(10);
    expect(topFailures[0]).toEqual(['192.0.2.12', 12]);
  });

  it('leaves organisations that the register does not know out of the party counts', () => {
    const aggregator = createAggregator();
    aggregator.add(login('failure', start, { 'organization.id': 'P99', 'siaga.party.kind': 'unknown' }));
    expect(aggregator.close(start)).toMatchObject({ parties: [], partyFailures: {}, logins: { failure: 1 } });
  });

  it('sights an account by a login that succeeded, not by one that failed', () => {
    const aggregator = createAggregator();
    aggregator.add(login('failure', start, { 'user.name': 'tried' }));
    aggregator.add(login('success', start));
    expect(aggregator.close(start).accounts).toEqual([
      {
        party: 'P07',
        user: 'operator07',
        at: start,
        action: 'user-login',
        address: '203.0.113.9',
        by: null,
        roles: null,
      },
    ]);
  });

  it('does not take a time in the future for its watermark', () => {
    const aggregator = createAggregator();
    aggregator.add(login('success', start));
    aggregator.add({ ...login('success', start), '@timestamp': start + minute });
    expect(aggregator.close(start).watermark).toBe(start);
  });
});

describe('accounts heard', () => {
  it('are one visit for each address, the newest, and every step of a life', () => {
    const aggregator = createAggregator();
    const reset = {
      'event.action': 'password-reset',
      'user.target.name': 'operator07',
      'user.name': 'admin07',
    };
    aggregator.add(login('success', start + 2_000));
    aggregator.add({ ...login('success', start + 2_000), '@timestamp': start });
    aggregator.add(login('success', start + 3_000, { 'source.ip': '203.0.113.10' }));
    aggregator.add(login('success', start, reset));
    aggregator.add(login('success', start + 1_000, reset));
    const { accounts } = aggregator.close(start);
    expect(accounts.map(({ action, at, address, by }) => [action, at - start, address, by])).toEqual([
      ['user-login', 2_000, '203.0.113.9', null],
      ['user-login', 3_000, '203.0.113.10', null],
      ['password-reset', 0, '203.0.113.9', 'admin07'],
      ['password-reset', 1_000, '203.0.113.9', 'admin07'],
    ]);
    expect(aggregator.close(start).accounts).toEqual([]);
  });

  it('are never seen in the future, whatever the clock of the source says', () => {
    const aggregator = createAggregator();
    aggregator.add({ ...login('success', start), '@timestamp': start + 24 * 60 * minute });
    expect(aggregator.close(start).accounts[0]?.at).toBe(start);
  });

  it('fail by the minute of arrival: each time the whole count of a minute that grew', () => {
    const aggregator = createAggregator();
    aggregator.add(login('failure', start));
    aggregator.add(login('failure', start + 1_000, { 'event.type': 'denied' }));
    aggregator.add(login('failure', start, { 'organization.id': null }));
    expect(aggregator.close(start).accountFailures).toEqual([['P07', 'operator07', start, 2]]);
    expect(aggregator.close(start).accountFailures).toEqual([]);
    aggregator.add(login('failure', start + 30_000));
    aggregator.add(login('failure', start + minute));
    expect(aggregator.close(start).accountFailures).toEqual([
      ['P07', 'operator07', start, 3],
      ['P07', 'operator07', start + minute, 1],
    ]);
  });

  it('are bounded, and what is left out is counted once', () => {
    const aggregator = createAggregator();
    for (let n = 0; n < maxSightings + 2; n += 1)
      aggregator.add(login('success', start, { 'user.name': `u${n}` }));
    for (let n = 0; n < maxFailingAccounts + 3; n += 1)
      aggregator.add(login('failure', start, { 'user.name': `u${n}` }));
    const second = aggregator.close(start);
    expect([second.accounts.length, second.accountFailures.length, second.accountsLeft]).toEqual([
      maxSightings,
      maxFailingAccounts,
      5,
    ]);
    expect(aggregator.close(start).accountsLeft).toBe(0);
  });
});

describe('counts by the minute', () => {
  it('count no new key in a full minute, and say how many were left out', () => {
    const counts = createMinuteCounts({ minutes: 5, maxKeys: 2 });
    for (const key of ['a', 'b', 'c', 'a']) counts.add(key, start);
    expect(Object.fromEntries(counts.totals(start))).toEqual({ a: 2, b: 1 });
    expect(counts.left()).toBe(1);
  });
});
