import { expect, test } from 'vitest';
import { partyTone, worstAlertOf } from '../../../client/state/party-tone.ts';
import { alertOf } from '../live-samples.ts';

test.each([
  [0, null, null],
  [29, null, null],
  [30, null, 'medium'],
  [100, null, 'high'],
  [0, 'critical', 'critical'],
  [500, 'critical', 'critical'],
  [0, 'high', 'high'],
  [0, 'medium', 'medium'],
  [100, 'medium', 'high'],
  [0, 'low', null],
] as const)('%s failures an hour with the alert %s is %s', (failures, alert, tone) => {
  expect(partyTone(failures, alert)).toBe(tone);
});

test('takes the worst alert about the party', () => {
  const key = { 'organization.id': 'P07' };
  const alerts = [
    alertOf('a', { key, severity: 'low' }),
    alertOf('b', { key, severity: 'high' }),
    alertOf('c', { severity: 'critical' }),
  ];
  expect(worstAlertOf(alerts, 'P07')).toBe('high');
  expect(worstAlertOf(alerts, 'P01')).toBeNull();
});

test('takes the alerts whose events name the party, whatever their key', () => {
  const alerts = [alertOf('a', { parties: ['P02', 'P07'], severity: 'medium' })];
  expect(worstAlertOf(alerts, 'P07')).toBe('medium');
  expect(worstAlertOf(alerts, 'P01')).toBeNull();
});
