import { describe, expect, test, vi } from 'vitest';
import { maskedSearch, maxCandidates } from '../../../server/personal/masked-search.ts';
import { createPseudonyms } from '../../../server/personal/pseudonyms.ts';
import type { EventFilter } from '../../../shared/query/event-query.ts';

const secret = Buffer.alloc(32, 7);
const names = createPseudonyms(secret);

const query = (field: EventFilter['field'], value: string, exclude = false) => ({
  from: 1,
  to: 2,
  filters: [{ field, value, exclude }],
  text: '',
});

/** A store that has these values of whatever field is asked. */
const storeOf = (values: readonly string[]) => ({
  top: vi.fn((_query: unknown, field: string, limit: number) =>
    Promise.resolve({
      field,
      values: values.slice(0, limit).map((value) => ({ value, count: 1 })),
      distinct: values.length,
    }),
  ),
});

describe('a pseudonym that nobody was shown since the start', () => {
  const fresh = () => createPseudonyms(secret);

  test('is found among the values of the range, in every spelling', async () => {
    const store = storeOf(['2001:db8::7', '203.0.113.9', '2001:DB8:0::7', '2001:db8::8']);
    const found = await maskedSearch(query('source.ip', names.address('2001:db8::7'), true), fresh(), store);
    expect(found).toMatchObject({
      ok: true,
      value: { masked: true, filters: [{ exclude: true, anyOf: ['2001:db8::7', '2001:DB8:0::7'] }] },
    });
    expect(store.top).toHaveBeenCalledWith(
      expect.objectContaining({ from: 1, to: 2 }),
      'source.ip',
      maxCandidates + 1,
    );
  });

  test('finds nothing where its value is not', async () => {
    const found = await maskedSearch(query('user.name', names.account('siti')), fresh(), storeOf(['budi']));
    expect(found).toMatchObject({ ok: true, value: { filters: [{ anyOf: [] }] } });
  });

  test('is refused among too many, with what to do', async () => {
    const many = Array.from({ length: maxCandidates + 1 }, (_v, n) => `n${n}`);
    const found = await maskedSearch(query('user.name', names.account('n1')), fresh(), storeOf(many));
    expect(found).toMatchObject({ ok: false, code: 'too-large', message: expect.stringContaining('narrow') });
  });
});

test('a pseudonym that was shown lately needs no search', async () => {
  const store = storeOf([]);
  const found = await maskedSearch(query('user.name', names.account('siti')), names, store);
  expect(found).toMatchObject({
    ok: true,
    value: { filters: [{ anyOf: expect.arrayContaining(['siti']) }] },
  });
  expect(store.top).not.toHaveBeenCalled();
});

test.each([
  ['source.ip', '203.0.113.9'],
  ['source.ip', 'ip-'],
  ['user.name', 'siti'],
  ['event.original', 'x'],
  ['event.hash', 'x'],
  ['url.query', 'a=1'],
  ['url.path', '/u/[withheld]'],
  ['url.path', `/u/${names.account('siti')}`],
  ['url.path', '/u/203.0.113.9'],
  ['url.original', '/u?name=siti'],
  ['http.request.referrer', 'https://sipol.example/?q=siti'],
] as const)('%s is not compared with %s', async (field, value) => {
  expect(await maskedSearch(query(field, value), names, storeOf([value]))).toMatchObject({
    ok: false,
    code: 'personal-data',
  });
});

test.each([
  ['source.ip', ''],
  ['event.original', ''],
  ['url.path', '/login'],
  ['event.action', 'user-login'],
  ['organization.id', 'P06'],
  ['event.sequence', '7'],
  ['source.geo.country_iso_code', 'ID'],
  ['user_agent.original', 'Mozilla/5.0 (X11; Linux x86_64) Chrome/139.0.0.0'],
] as const)('%s is compared with %j as it is', async (field, value) => {
  const asked = query(field, value);
  expect(await maskedSearch(asked, names, storeOf([]))).toEqual({
    ok: true,
    value: { ...asked, masked: true },
  });
});
