import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isTokenOf } from '../../../../server/ingest/http/ingest-token.ts';

const token = 'a-token:of-the-test-suite';
const sha256 = createHash('sha256').update(token).digest('hex');
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('the token of a source', () => {
  it.each([
    ['Bearer', `Bearer ${token}`],
    ['bearer in small letters', `bearer ${token}`],
    ['ApiKey', `ApiKey ${base64(`siaga:${token}`)}`],
    ['Basic', `Basic ${base64(`filebeat:${token}`)}`],
    ['Basic without a user', `Basic ${base64(`:${token}`)}`],
  ])('is taken as %s', (_what, header) => {
    expect(isTokenOf(header, sha256)).toBe(true);
  });

  it.each([
    ['nothing', undefined],
    ['an empty header', ''],
    ['no token', 'Bearer '],
    ['another token', 'Bearer wrong'],
    ['a prefix of it', `Bearer ${token.slice(0, -1)}`],
    ['two tokens', `Bearer ${token} ${token}`],
    ['the token without a scheme', token],
    ['the token as Basic in plain', `Basic ${token}`],
    ['base64 without a colon', `Basic ${base64('no colon')}`],
    ['base64 of another alphabet', `Basic ${base64(`a:${token}`)}-_`],
    ['the token as the user', `Basic ${base64(`${token}:x`)}`],
    ['another scheme', `Digest ${token}`],
    ['a control character', `Bearer ${token}\0`],
    ['an endless header', `Bearer ${'x'.repeat(100_000)}`],
    ['a property name', 'Bearer __proto__'],
  ])('is not %s', (_what, header) => {
    expect(isTokenOf(header, sha256)).toBe(false);
  });

  it('is never the empty one, even where a source was given its hash', () => {
    const ofNothing = createHash('sha256').update('').digest('hex');
    for (const header of [undefined, '', 'Bearer', 'Bearer ', `Basic ${base64('user:')}`])
      expect(isTokenOf(header, ofNothing)).toBe(false);
  });
});
