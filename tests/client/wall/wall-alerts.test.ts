import { describe, expect, it } from 'vitest';
import { createTranslator } from '../../../shared/i18n/translate.ts';
import { pulseMs, subjectOf, wallAlerts } from '../../../client/wall/wall-alerts.ts';
import { wallLimits } from '../../../client/wall/wall-text.ts';
import { alertOf, factsOf, frameOf, now, parties, ruleOf } from './wall-fixtures.ts';

const id = createTranslator('id');

describe('what an alert is about', () => {
  it.each([
    [{ 'organization.id': 'P07', 'source.ip': '203.0.113.9' }, 'P07'],
    [{ 'organization.id': 'PA4' }, 'A4'],
    [{ 'organization.id': 'PX-99' }, 'P??'],
    [{ 'source.ip': '203.0.113.9', 'user.name': 'operator07' }, 'operator07'],
    [{ 'rule.name': 'x' }, 'x'],
    [{}, null],
  ])('%j is %s', (key, subject) => {
    expect(subjectOf({ key, parties: ['P07'] }, parties, id)).toBe(subject);
  });
});

it('counts the parties that an alert of no single party names', () => {
  const named = { parties: ['P03', 'P07', 'P12'] };
  expect(subjectOf({ key: { 'source.ip': '203.0.113.9' }, ...named }, parties, id)).toBe('3 partai');
  expect(subjectOf({ key: { 'organization.id': 'P07' }, ...named }, parties, id)).toBe('P07');
});

describe('the right column', () => {
  it('has two lines an alert', () => {
    const { rows, more, title } = wallAlerts(factsOf({ alerts: [alertOf('a')], openAlerts: 1 }), id);
    expect(title).toBe('Peringatan terbuka');
    expect(more).toBeNull();
    expect(rows).toMatchObject([
      { severity: 'critical', title: 'Akun diambil alih', detail: 'P07 · 4 m · tanpa PJ', pulse: false },
    ]);
  });

  it('shows four and counts the rest', () => {
    const alerts = Array.from({ length: 9 }, (_, index) => alertOf(String(index)));
    const { rows, more } = wallAlerts(factsOf({ alerts, openAlerts: 700 }), id);
    expect(rows).toHaveLength(4);
    expect(more).toBe('+696 lagi');
  });

  it('has lines that fit, whatever stands in a log', () => {
    const hostile = `\u202E<img src=x onerror=alert(1)>${'x'.repeat(5_000)}`;
    const alerts = [
      alertOf('a', { key: { 'user.name': hostile }, owner: hostile }),
      alertOf('b', { rule: ruleOf(hostile) }),
    ];
    for (const { title, detail } of wallAlerts(factsOf({ alerts, openAlerts: 2 }), id).rows) {
      expect(Array.from(title).length).toBeLessThanOrEqual(wallLimits.title);
      expect(Array.from(detail).length).toBeLessThanOrEqual(wallLimits.detail);
      expect(title + detail).not.toContain('\u202E');
    }
  });

  it.each([
    ['a new critical alert', { createdAt: now - 1_000 }, true],
    ['after a minute', { createdAt: now - pulseMs }, false],
    ['an acknowledged one', { createdAt: now - 1_000, acknowledged: { by: 'sari', at: now } }, false],
    ['a high one', { createdAt: now - 1_000, severity: 'high' as const }, false],
  ])('pulses only for a new unacknowledged critical alert: %s', (_, changes, pulse) => {
    const facts = factsOf({ alerts: [alertOf('a', changes)], openAlerts: 1 });
    expect(wallAlerts(facts, id).rows[0]?.pulse).toBe(pulse);
  });

  it('shows rules instead of alerts in a flood', () => {
    const alerts = [
      alertOf('z'),
      ...Array.from({ length: 11 }, (_, index) =>
        alertOf(String(index), {
          severity: 'high',
          createdAt: now - 60_000,
          rule: ruleOf('Tebak sandi'),
        }),
      ),
    ];
    const { title, rows, more } = wallAlerts(factsOf({ alerts, openAlerts: 12 }), id);
    expect(title).toBe('Banjir: per aturan');
    expect(rows.map((row) => `${row.title} ${row.detail}`)).toEqual([
      'Akun diambil alih 1 alert · 4 m',
      'Tebak sandi 11 alert · 1 m',
    ]);
    expect(more).toBeNull();
  });

  it('fills the room that is left with coverage holes', () => {
    const frame = frameOf({ coverage: [{ kind: 'source-silent', source: 'nginx-2', since: now - 240_000 }] });
    const { rows } = wallAlerts(factsOf({ frame, alerts: [alertOf('a')], openAlerts: 1 }), id);
    expect(rows[1]).toMatchObject({ severity: null, title: 'nginx-2 diam', detail: 'TIDAK PASTI · 4 m' });
  });

  it('makes room for the bar when data stopped', () => {
    const alerts = Array.from({ length: 9 }, (_, index) => alertOf(String(index)));
    const { rows, more } = wallAlerts(factsOf({ alerts, openAlerts: 9, freshness: 'stopped' }), id);
    expect(rows).toHaveLength(3);
    expect(more).toBe('+6 lagi');
  });
});
