import { describe, expect, it } from 'vitest';
import { readTyped, suggestFields, takeSuggestion } from '../../../client/investigate/search-input.ts';

describe('what was typed', () => {
  it.each([
    [
      'source.ip:203.0.113.9',
      { kind: 'filter', filter: { field: 'source.ip', value: '203.0.113.9', exclude: false } },
    ],
    ['!user.name:budi ', { kind: 'filter', filter: { field: 'user.name', value: 'budi', exclude: true } }],
    ['user.name:', { kind: 'filter', filter: { field: 'user.name', value: '', exclude: false } }],
    ['url.path:/a:b', { kind: 'filter', filter: { field: 'url.path', value: '/a:b', exclude: false } }],
    ['http.response.status_code:abc', { kind: 'text', text: 'http.response.status_code:abc' }],
    ['constructor:x', { kind: 'text', text: 'constructor:x' }],
    ['  POST /login ', { kind: 'text', text: 'POST /login' }],
    ['10:20:30', { kind: 'text', text: '10:20:30' }],
  ])('%s', (typed, search) => {
    expect(readTyped(typed)).toEqual(search);
  });
});

describe('suggested fields', () => {
  it('begin with what was typed, or hold it', () => {
    expect(suggestFields('source')[0]).toBe('source.ip');
    expect(suggestFields('!user')[0]).toBe('user.name');
    expect(suggestFields('ip')).toContain('source.ip');
  });
  it.each(['', 'source.ip:1', 'two words', 'zzz'])('are none for "%s"', (typed) => {
    expect(suggestFields(typed)).toEqual([]);
  });
  it('keep the exclamation mark', () => {
    expect(takeSuggestion('!so', 'source.ip')).toBe('!source.ip:');
  });
});
