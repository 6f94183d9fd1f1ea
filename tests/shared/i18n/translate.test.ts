import { describe, expect, test } from 'vitest';
import { catalogues, languages } from '../../../shared/i18n/catalogue.ts';
import { createTranslator } from '../../../shared/i18n/translate.ts';

const id = createTranslator('id');
const en = createTranslator('en');
const keys = Object.keys(catalogues.id) as (keyof typeof catalogues.id)[];
const places = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([place]) => place).sort();

describe('the catalogue', () => {
  test('has the same keys in both languages', () => {
    expect(Object.keys(catalogues.en).sort()).toEqual(keys.toSorted());
    expect(keys.length).toBeGreaterThan(100);
  });

  test.each(languages)('says something for every key in %s', (language) => {
    expect(keys.filter((key) => catalogues[language][key].trim() === '')).toEqual([]);
  });

  test('asks for the same values in both languages', () => {
    const differ = keys.filter(
      (key) => places(catalogues.id[key]).join() !== places(catalogues.en[key]).join(),
    );
    expect(differ).toEqual([]);
  });
});

describe('a message', () => {
  test('fills its places', () => {
    expect(id.t('panel.truncated', { shown: 1, total: '1,2 jt' })).toBe('1 dari 1,2 jt');
    expect(en.t('panel.truncated', { shown: 1, total: 2 })).toBe('1 of 2');
  });

  test('keeps a place without a value', () => {
    expect(en.t('panel.truncated', { shown: 1 })).toBe('1 of {total}');
    expect(en.t('panel.truncated')).toBe('{shown} of {total}');
  });

  test('does not read inherited names, nor fill a value again', () => {
    expect(en.t('panel.truncated', { shown: '{total}', total: 2 })).toBe('{total} of 2');
    expect(en.t('panel.truncated', Object.create({ shown: 9 }) as Record<string, number>)).toBe(
      '{shown} of {total}',
    );
  });
});

describe('numbers', () => {
  test.each([
    [1_234_567, '1.234.567', '1,234,567', '1,23 jt', '1.23m'],
    [842, '842', '842', '842', '842'],
    [12_840, '12.840', '12,840', '12,8 rb', '12.8k'],
  ])('%s', (...[value, inId, inEn, shortId, shortEn]) => {
    expect(id.formatNumber(value)).toBe(inId);
    expect(en.formatNumber(value)).toBe(inEn);
    expect(id.formatCompact(value).replaceAll('\u00A0', ' ')).toBe(shortId);
    expect(en.formatCompact(value).toLowerCase()).toBe(shortEn);
  });
});

describe('times', () => {
  const at = Date.UTC(2026, 10, 24, 17, 5, 9);
  test.each([
    ['WIB', '00:05:09', '25 Nov 2026 00:05:09'],
    ['WITA', '01:05:09', '25 Nov 2026 01:05:09'],
    ['WIT', '02:05:09', '25 Nov 2026 02:05:09'],
    ['UTC', '17:05:09', '24 Nov 2026 17:05:09'],
  ] as const)('%s', (zone, clock, date) => {
    expect(id.formatTime(at, zone)).toBe(clock);
    expect(en.formatTime(at, zone)).toBe(clock);
    expect(en.formatDateTime(at, zone)).toBe(date);
  });

  test('are in WIB unless said otherwise', () => {
    expect(id.formatTime(at)).toBe('00:05:09');
  });

  test.each([
    [-5, '0 d', '0 s'],
    [59_999, '59 d', '59 s'],
    [60_000, '1 m', '1 m'],
    [3 * 3_600_000, '3 j', '3 h'],
    [2 * 86_400_000, '2 h', '2 d'],
  ])('an age of %s ms', (ms, inId, inEn) => {
    expect(id.formatAge(ms)).toBe(inId);
    expect(en.formatAge(ms)).toBe(inEn);
  });
});
