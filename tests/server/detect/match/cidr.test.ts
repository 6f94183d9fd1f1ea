import { describe, expect, it } from 'vitest';
import { inNetwork, parseAddress, parseNetwork } from '../../../../server/detect/match/cidr.ts';

describe('an address in a network', () => {
  it.each([
    ['192.0.2.0/24', '192.0.2.255', true],
    ['192.0.2.0/24', '192.0.3.0', false],
    ['192.0.2.128/25', '192.0.2.127', false],
    ['203.0.113.9/32', '203.0.113.9', true],
    ['0.0.0.0/0', '198.51.100.1', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['192.0.2.0/24', '::ffff:192.0.2.7', true],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['2001:db8:0:8000::/49', '2001:db8:0:8000::1', true],
    ['2001:db8:0:8000::/49', '2001:db8:0:7fff::1', false],
    ['2001:db8::/32', '2001:DB8::1%eth0', true],
  ])('%s, %s: %s', (network, address, expected) => {
    const parsed = parseNetwork(network);
    const groups = parseAddress(address);
    if (typeof parsed === 'string' || groups === null) throw new Error('expected both to parse');
    expect(inNetwork(groups, parsed)).toBe(expected);
  });
});

describe('what is no address', () => {
  it.each([
    '',
    'localhost',
    '192.0.2',
    '192.0.2.256',
    '192.0.2.1.1',
    '1:2:3',
    '::1::',
    '1:2:3:4:5:6:7:8:9',
    ':::',
    'g::1',
    `${'0:'.repeat(500)}1`,
  ])('%s', (text) => expect(parseAddress(text)).toBeNull());
});

describe('what is no network', () => {
  it.each([
    ['192.0.2.1/24', /host bits/],
    ['2001:db8::1/64', /host bits/],
    ['192.0.2.0/33', /32 bits/],
    ['192.0.2.0', /CIDR/],
    ['192.0.2.*', /CIDR/],
    ['192.0.2.0/', /CIDR/],
  ])('%s', (text, reason) => expect(parseNetwork(text)).toMatch(reason));
});
