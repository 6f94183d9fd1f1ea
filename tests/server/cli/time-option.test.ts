import { describe, expect, it } from 'vitest';
import { UsageProblem } from '../../../server/cli/arguments.ts';
import { timeOption } from '../../../server/cli/time-option.ts';

const now = Date.parse('2026-11-24T05:00:00Z');

describe('a time as an option', () => {
  it.each([
    ['2026-11-24', '2026-11-24T00:00:00Z'],
    ['2026-11-24T13:00', '2026-11-24T13:00:00Z'],
    ['2026-11-24 13:00:07', '2026-11-24T13:00:07Z'],
    ['2026-11-24T13:00:07.250Z', '2026-11-24T13:00:07.250Z'],
    ['2026-11-24T13:00:00+07:00', '2026-11-24T06:00:00Z'],
    ['-24h', '2026-11-23T05:00:00Z'],
    ['-7d', '2026-11-17T05:00:00Z'],
    ['30m', '2026-11-24T04:30:00Z'],
  ])('%s is %s', (text, time) => {
    expect(timeOption('from', text, now)).toBe(Date.parse(time));
  });

  it.each([
    '',
    'yesterday',
    '2026-11-31',
    '2026-13-01',
    '2026-11-24T25:00',
    '24.11.2026',
    '-24',
    '--1h',
    '1795485600000',
  ])('%j is none', (text) => {
    expect(() => timeOption('from', text, now)).toThrow(UsageProblem);
  });
});
