import { describe, expect, test } from 'vitest';
import { createPseudonyms, maxRemembered } from '../../../server/personal/pseudonyms.ts';
import { isPseudonym } from '../../../shared/event/personal-fields.ts';

const secret = Buffer.alloc(32, 1);
const names = createPseudonyms(secret);

describe('a pseudonym', () => {
  test('is the same after a restart, and another under another secret', () => {
    expect(createPseudonyms(secret).account('siti')).toBe(names.account('siti'));
    expect(createPseudonyms(Buffer.alloc(32, 2)).account('siti')).not.toBe(names.account('siti'));
  });

  test.each([
    ['2001:db8::7', '2001:DB8:0:0::0007'],
    ['2001:db8::7', '[2001:db8::7]'],
    ['fe80::1', 'fe80::1%eth0'],
    ['203.0.113.9', '::ffff:203.0.113.9'],
    ['203.0.113.9', '::FFFF:cb00:7109'],
  ])('of %s is that of %s too', (one, other) => {
    expect(names.address(one)).toBe(names.address(other));
  });

  test('tells kinds, values and cases of names apart', () => {
    const all = [names.address('x'), names.account('x'), names.account('X'), names.account('x ')];
    expect(new Set(all).size).toBe(4);
    for (const each of all) expect(isPseudonym(each)).toBe(true);
  });

  test('tells nothing of the network of an address', () => {
    const made = Array.from({ length: 256 }, (_v, host) => names.address(`203.0.113.${host}`));
    expect(new Set(made).size).toBe(256);
    // Of 256 in one network, first characters are spread over the alphabet.
    expect(new Set(made.map((name) => name[3])).size).toBeGreaterThan(20);
  });

  test('of a subject is that of an address or of an account', () => {
    expect(names.subject('203.0.113.9')).toBe(names.address('203.0.113.9'));
    expect(names.subject('siti')).toBe(names.account('siti'));
  });

  test('is known for as long as there is room', () => {
    const first = names.account('first');
    expect(names.known(first)).toBe('first');
    expect(names.known('acct-000000000000')).toBeNull();
    for (let n = 0; n <= maxRemembered; n += 1) names.account(`n${n}`);
    expect(names.known(first)).toBeNull();
    expect(names.account('first')).toBe(first);
  });
});
