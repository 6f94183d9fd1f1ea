import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { createClientAddressOf } from '../../../server/edge/client-address-of.ts';
import { createEdge } from '../../../server/edge/edge.ts';
import { inspectorProblem } from '../../../server/edge/inspector.ts';
import { defaultLimits } from '../../../server/limits/limits.ts';

type Asked = Pick<IncomingMessage, 'headers' | 'socket'>;
const asked = (remoteAddress: string | undefined, forwarded?: string, others = {}): Asked => ({
  headers: { ...(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }), ...others },
  socket: { remoteAddress } as IncomingMessage['socket'],
});

it.each([
  ['nobody claims anything', '192.0.2.7', undefined, '192.0.2.7'],
  ['a stranger claims something', '192.0.2.7', '203.0.113.9', '192.0.2.7'],
  ['the proxy tells', '10.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['a client puts one before it', '10.0.0.1', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
  ['two proxies tell', '10.0.0.1', '203.0.113.9, 10.0.0.2', '203.0.113.9'],
  ['only proxies are named', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
  ['it is no address', '10.0.0.1', 'localhost', '10.0.0.1'],
  ['it is empty', '10.0.0.1', '', '10.0.0.1'],
  ['the peer is IPv4 in IPv6', '::ffff:10.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['it has a port', '10.0.0.1', '203.0.113.9:4711', '203.0.113.9'],
  ['it is IPv6', 'fd00::1', '[2001:db8::9]:4711', '2001:db8::9'],
  ['the connection is gone', undefined, '203.0.113.9', 'unknown'],
])('the client of a request where %s', (_what, peer, list, client) => {
  expect(createClientAddressOf(['10.0.0.0/8', 'fd00::1'])(asked(peer, list))).toBe(client);
});

it('other headers name no client', () => {
  const others = { 'x-real-ip': '203.0.113.9', forwarded: 'for=203.0.113.9', 'x-client-ip': '203.0.113.9' };
  expect(createClientAddressOf(['10.0.0.1'])(asked('10.0.0.1', undefined, others))).toBe('10.0.0.1');
});

it('a limit that is reached again and again is counted each time, and logged once a minute', () => {
  const log: string[] = [];
  let now = 0;
  const edge = createEdge({
    limits: defaultLimits,
    trustedProxies: [],
    delayMs: () => 0,
    now: () => now,
    log: ({ detail }) => log.push(detail),
  });
  for (now = 0; now < 61_000; now += 1_000) edge.reached('sockets', '192.0.2.1');
  expect(edge.counters.total('sockets')).toBe(61);
  expect(log).toEqual([
    'sockets, 2000; reached 1 times since the start',
    'sockets, 2000; reached 61 times since the start',
  ]);
});

it('S-45: nothing is wrong with a process that nobody debugs', () => {
  expect(inspectorProblem('production')).toBeNull();
});
