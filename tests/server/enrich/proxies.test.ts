import { describe, expect, it } from 'vitest';
import { createFindClient, maxHops } from '../../../server/enrich/proxies.ts';
import { emptyEvent } from '../../../shared/event/empty-event.ts';

const trusted = ['10.0.0.0/8', '192.0.2.7', '2001:db8:ffff::/48'];

function through(source: string | null, forwarded: string | null, proxies = trusted) {
  const event = { ...emptyEvent(), 'source.ip': source, 'siaga.forwarded_for': forwarded };
  createFindClient(proxies)(event);
  return [event['source.ip'], event['siaga.proxy.ip']];
}

describe('behind a trusted proxy the client is', () => {
  it.each([
    ['the only entry', '203.0.113.9', '203.0.113.9'],
    ['the rightmost that is no trusted proxy', '203.0.113.9, 10.0.0.1, 10.0.0.2', '203.0.113.9'],
    ['never a claim left of it', '198.51.100.1, 203.0.113.9, 10.0.0.2', '203.0.113.9'],
    ['never a claim, even of a trusted proxy', '10.9.9.9, 203.0.113.9', '203.0.113.9'],
    ['the first when all are trusted proxies', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['read without a port', '203.0.113.9:51234', '203.0.113.9'],
    ['read without brackets and port', '[2001:db8::9]:443', '2001:db8::9'],
    ['read without brackets', '[2001:DB8::9]', '2001:db8::9'],
    ['in its usual form', '2001:0db8:0:0::0009, 2001:db8:ffff::1', '2001:db8::9'],
    ['IPv4 by its own name', '::ffff:203.0.113.9', '203.0.113.9'],
    ['read whatever spaces there are', '  203.0.113.9 ,\t10.0.0.1  ', '203.0.113.9'],
    ['read right of garbage', '<script>, \u0000, 203.0.113.9', '203.0.113.9'],
  ])('%s: %s', (_which, forwarded, client) => {
    expect(through('192.0.2.7', forwarded)).toEqual([client, '192.0.2.7']);
  });
});

describe('the sender stays the client', () => {
  it.each([
    ['when it is no trusted proxy', '198.51.100.7', '203.0.113.9'],
    ['when it has no address', null, '203.0.113.9'],
    ['without a list', '192.0.2.7', null],
    ['with an empty list', '192.0.2.7', ''],
    ['with a list of commas', '192.0.2.7', ',,,'],
    ['where the last entry is garbage', '192.0.2.7', '203.0.113.9, unknown'],
    ['where garbage stands before trusted proxies', '192.0.2.7', '203.0.113.9, _hidden, 10.0.0.1'],
    ['where an entry is empty', '192.0.2.7', '203.0.113.9,,10.0.0.1'],
    ['where the entry is octal', '192.0.2.7', '0313.0.0161.9'],
    ['where the entry is a number', '192.0.2.7', '3405803785'],
    ['where a port is none', '192.0.2.7', '203.0.113.9:99999999'],
  ])('%s', (_when, source, forwarded) => {
    expect(through(source, forwarded)).toEqual([source, null]);
  });

  it('when nobody is trusted', () => {
    expect(through('192.0.2.7', '203.0.113.9', [])).toEqual(['192.0.2.7', null]);
  });
});

describe('a list of a thousand entries', () => {
  it('is read from its end only', () => {
    const claims = Array.from({ length: 1_000 }, (_, index) => `198.51.100.${index % 250}`).join(', ');
    expect(through('192.0.2.7', `${claims}, 203.0.113.9`)).toEqual(['203.0.113.9', '192.0.2.7']);
  });

  it('that are all trusted proxies names no client', () => {
    const hops = Array.from({ length: 1_000 }, () => '10.0.0.1').join(',');
    expect(through('192.0.2.7', hops)).toEqual(['192.0.2.7', null]);
    const fewer = Array.from({ length: maxHops }, () => '10.0.0.1').join(',');
    expect(through('192.0.2.7', fewer)).toEqual(['10.0.0.1', '192.0.2.7']);
  });
});
