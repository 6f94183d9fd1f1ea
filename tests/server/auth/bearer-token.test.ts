import { describe, expect, it } from 'vitest';
import { hasBearerToken } from '../../../server/auth/bearer-token.ts';
import { maxTokenBytes } from '../../../server/config/limits.ts';
import { tokenSha256 } from '../../../server/config/token.ts';

const longest = 'x'.repeat(maxTokenBytes);

describe('a bearer token', () => {
  it.each([
    ['of the longest configured length', `Bearer ${longest}`, longest, true],
    ['longer than any', `Bearer ${longest}x`, `${longest}x`, false],
    ['after a scheme in small letters (RFC 9110)', 'bearer abc', 'abc', true],
    ['with a space in it', 'Bearer a b', 'a b', false],
    ['that is another', 'Bearer abd', 'abc', false],
    ['that is missing', undefined, '', false],
    ['that is empty', 'Bearer ', '', false],
  ])('%s', (_, header, token, accepted) => {
    expect(hasBearerToken(header, tokenSha256(token))).toBe(accepted);
  });
});
