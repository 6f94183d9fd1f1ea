import type { IncomingMessage } from 'node:http';
import { createClientReader } from '../enrich/proxies.ts';

/** The address that a request comes from, in its usual text form; `unknown` once the connection is gone. */
export type ClientAddressOf = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string;

/**
 * Reads the client's address: the peer's own, or, when the peer is one of these proxies (addresses and networks in CIDR form,
 * valid), the rightmost of `X-Forwarded-For` that is none of them. What anybody else claims of itself is not read.
 */
export function createClientAddressOf(trustedProxies: readonly string[]): ClientAddressOf {
  const read = createClientReader(trustedProxies);
  return ({ headers, socket }) => {
    const peer = plainPeer(socket.remoteAddress);
    const list = headers['x-forwarded-for'];
    const claimed = Array.isArray(list) ? list.join(',') : list;
    return (claimed === undefined ? null : read(peer, claimed)) ?? peer;
  };
}

/** The peer of a connection: IPv4 that came by an IPv6 socket as IPv4, without a zone; `unknown` once it is gone. */
export const plainPeer = (address: string | undefined): string =>
  address?.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '') ?? 'unknown';
