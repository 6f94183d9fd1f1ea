import { describe, expect, it } from 'vitest';
import type { StoredEvent } from '../../../shared/api/schemas.ts';
import { createTranslator } from '../../../shared/i18n/translate.ts';
import { accountActions } from '../../../shared/event/fields.ts';
import { aboutEvent, describeEvent } from '../../../client/investigate/describe-event.ts';
import { filledFields, valueOf } from '../../../client/investigate/event-value.ts';
import { eventOf } from './event-samples.ts';

const { t } = createTranslator('id');
const login = { 'event.action': 'user-login', 'event.outcome': 'failure' };

describe('what an event is', () => {
  const cases: [string, StoredEvent, string | null][] = [
    ['login gagal', login, null],
    ['login diblokir', { ...login, 'event.type': 'denied' }, null],
    ['login berhasil', { ...login, 'event.outcome': 'success' }, null],
    ['akses', { 'http.request.method': 'GET', 'http.response.status_code': 404 }, 'GET 404'],
    [
      'akun dibuat',
      { 'event.dataset': 'account', 'event.action': 'account-created', 'user.target.name': 'budi' },
      'budi',
    ],
    ['sinyal', { 'event.dataset': 'signal', 'rule.name': 'periksa' }, 'periksa'],
    ['tak terurai', { 'event.dataset': 'unparsed' }, null],
    ['kejadian', { 'event.dataset': 'account', 'event.action': '__proto__' }, '__proto__'],
  ];
  it.each(cases)('%s', (words, changes, detail) => {
    const described = describeEvent(eventOf(changes));
    expect(t(described.key)).toBe(words);
    expect(described.detail).toBe(detail);
  });

  it('has words for every account action', () => {
    for (const action of accountActions) {
      const { key } = describeEvent(eventOf({ 'event.dataset': 'account', 'event.action': action }));
      expect(key).not.toBe('investigate.what.other');
    }
  });
});

it('tells the reason before the path', () => {
  expect(aboutEvent(eventOf({ 'event.reason': 'sandi salah', 'url.path': '/login' }))).toBe('sandi salah');
  expect(aboutEvent(eventOf({ 'url.path': '/login' }))).toBe('/login');
});

it('lists every field that the event has, the raw line apart', () => {
  const fields = filledFields(
    eventOf({ 'user.name': 'budi', 'event.reason': '', 'http.response.status_code': 0 }),
  );
  expect(fields.map(([field]) => field)).toEqual([
    '@timestamp',
    'event.ingested',
    'event.sequence',
    'event.kind',
    'event.dataset',
    'siaga.source',
    'user.name',
    'http.response.status_code',
  ]);
});

it('takes nothing from the prototype of an event', () => {
  expect(valueOf({}, 'constructor' as 'user.name')).toBeNull();
});
