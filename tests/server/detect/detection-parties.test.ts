import { describe, expect, it } from 'vitest';
import type { SiagaEvent } from '../../../shared/event/fields.ts';
import { maxListedParties } from '../../../shared/party-list.ts';
import { at, eventCount, plain, probe, setUp, valueCount } from './engine-desk.ts';

describe('the parties of a detection', () => {
  const named = (seconds: number, party: string | null, fields: Partial<SiagaEvent> = {}): SiagaEvent =>
    at(seconds, {
      'organization.id': party,
      'siaga.party.kind': party === null ? null : 'national',
      ...fields,
    });

  it('are those of the events that made the condition hold, not of older ones', () => {
    const { push } = setUp(eventCount);
    const [found] = push(named(0, 'P01'), named(100, 'P07'), named(101, 'P03'), named(102, 'P07'));
    expect(found?.parties).toEqual(['P03', 'P07']);
  });

  it('are those of all accounts that a value count counts', () => {
    const { push } = setUp(valueCount);
    const users = ['a', 'b', 'c'].map((user, index) => named(index, `P0${3 - index}`, { 'user.name': user }));
    expect(push(...users)).toMatchObject([{ parties: ['P01', 'P02', 'P03'] }]);
  });

  it('grow with the episode, and are reported by drain; what was reported stays as it was', () => {
    const { push, drain } = setUp(eventCount);
    const [found] = push(named(0, 'P07'), named(1, 'P07'), named(2, null));
    push(named(3, 'PX-9', { 'siaga.party.kind': 'unknown' }), named(4, 'P03'));
    expect(drain(5)).toMatchObject([{ count: 5, parties: ['P03', 'P07', 'PX-9'] }]);
    expect(found?.parties).toEqual(['P07']);
  });

  it('are those of single matches', () => {
    const { push, drain } = setUp(plain);
    const party = (seconds: number, id: string): SiagaEvent => ({
      ...probe(seconds),
      'organization.id': id,
      'siaga.party.kind': 'aceh',
    });
    expect(push(party(0, 'P07'), party(1, 'A1'))).toMatchObject([{ parties: ['P07'] }]);
    expect(drain(2)).toMatchObject([{ parties: ['A1', 'P07'] }]);
  });

  it('are counted anew with the full hour, as the events are', () => {
    const { push } = setUp(eventCount);
    const hour = 55 * 60;
    push(named(hour - 3, 'P01'), named(hour - 2, 'P01'), named(hour - 1, 'P01'));
    expect(push(named(hour, 'P02'))).toMatchObject([{ count: 1, parties: ['P02'] }]);
  });

  it('are none without a party', () => {
    expect(setUp(eventCount).push(at(0), at(1), at(2))).toMatchObject([{ parties: [] }]);
  });

  it('are bounded in number and length', () => {
    const { push, drain } = setUp(eventCount);
    push(...Array.from({ length: 200 }, (_, index) => named(index / 10, `${'x'.repeat(5_000)}${index}`)));
    const [found] = drain(30);
    expect(found?.parties).toHaveLength(maxListedParties);
    expect(Math.max(...(found?.parties ?? []).map((party) => party.length))).toBeLessThanOrEqual(256);
  });
});
