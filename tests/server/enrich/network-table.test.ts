import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { readAddressWords } from '../../../server/enrich/address-words.ts';
import { createNetworkTable } from '../../../server/enrich/network-table.ts';

const find = createNetworkTable([
  Buffer.from(
    [
      '192.0.2.0,192.0.2.127,64496,Satu',
      'garbage',
      '192.0.2.200,192.0.2.255,64497,"PT ""Dua"", Tbk"',
      '198.51.100.0,198.51.100.255,64496,Another name of the first',
      '203.0.113.0,203.0.113.255,64498,',
      '203.0.114.0,203.0.114.x,64499,Refused',
    ].join('\n'),
  ),
  Buffer.from(
    '2001:db8::,2001:db8::2f,64500,Café\n2001:db8:1::,2001:db8:1:ffff:ffff:ffff:ffff:ffff,64501,Enam\r\n',
  ),
]);

describe('a table of networks', () => {
  it.each([
    ['192.0.1.255', null],
    ['192.0.2.0', { number: 64_496, organization: 'Satu' }],
    ['192.0.2.127', { number: 64_496, organization: 'Satu' }],
    ['192.0.2.128', null],
    ['192.0.2.200', { number: 64_497, organization: 'PT "Dua", Tbk' }],
    ['198.51.100.7', { number: 64_496, organization: 'Satu' }],
    ['203.0.113.1', { number: 64_498, organization: null }],
    ['203.0.114.1', null],
    ['2001:db8::2f', { number: 64_500, organization: 'Café' }],
    ['2001:db8::30', null],
    ['2001:db8:1:ffff:ffff:ffff:ffff:ffff', { number: 64_501, organization: 'Enam' }],
    ['2001:db8:2::', null],
    ['::', null],
    ['no address', null],
  ])('says of %s %j', (address, network) => {
    expect(find(address)).toEqual(network);
  });

  it('is empty without rows', () => {
    expect(createNetworkTable([Buffer.alloc(0)])('192.0.2.1')).toBeNull();
  });
});

describe('the words of an address', () => {
  const words = new Uint32Array(4);
  const read = (text: string) => (readAddressWords(text, words) ? [...words] : null);

  it('are those of its bytes, however it is written', () => {
    const v6 = fc.ipV6().filter((text) => !text.includes('.') && isIPv6(text));
    fc.assert(
      fc.property(fc.oneof(v6, fc.ipV4()), (text) => {
        const parsed = ipaddr.parse(text);
        const full = parsed instanceof ipaddr.IPv4 ? parsed.toIPv4MappedAddress() : parsed;
        const bytes = Buffer.from(full.toByteArray());
        expect(read(text)).toEqual([0, 4, 8, 12].map((at) => bytes.readUInt32BE(at)));
      }),
    );
  });

  it.each([
    '',
    '.',
    '1.2.3',
    '1.2.3.256',
    '1.2.3.4.5',
    ':',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    'g::',
    '1:2:3:4:5:6:7:8::',
  ])('are none for %j', (text) => {
    expect(read(text)).toBeNull();
  });
});
