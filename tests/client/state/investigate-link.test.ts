import { expect, test } from 'vitest';
import { investigateRange, investigateValue } from '../../../client/state/investigate-link.ts';
import { parseFilter } from '../../../shared/query/event-query.ts';

test.each(['203.0.113.9', '2001:db8::1', 'a&b=c#d', '<script>', '!x:y', '\u202E'])(
  'a link to %s carries exactly that value',
  (value) => {
    const url = new URL(investigateValue('source.ip', value), 'http://siaga.example');
    expect(url.pathname).toBe('/investigate');
    expect(parseFilter(url.searchParams.get('filter') ?? '')).toEqual({
      field: 'source.ip',
      value,
      exclude: false,
    });
  },
);

test('a range carries the fields of the key, and leaves out what is none', () => {
  const link = investigateRange(1_000, 2_000, { 'source.ip': '192.0.2.1', unknown: 'x', constructor: 'y' });
  const { searchParams } = new URL(link, 'http://siaga.example');
  expect(searchParams.getAll('filter')).toEqual(['source.ip:192.0.2.1']);
  expect([searchParams.get('from'), searchParams.get('to')]).toEqual(['1000', '2000']);
});
