import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** An address in its usual text form, IPv4 mapped into IPv6 as IPv4, without a zone. */
export interface ClientAddress {
  readonly text: string;
  /** False for private, loopback, link-local, documentation and all other special networks (RFC 6890). */
  readonly isPublic: boolean;
  readonly parsed: ipaddr.IPv4 | ipaddr.IPv6;
}

const maxAddressLength = 60;

/** Reads an address of either family; `null` when it is none. */
export function parseClientAddress(text: string): ClientAddress | null {
  if (text.length > maxAddressLength || isIP(text) === 0) return null;
  const zone = text.indexOf('%');
  const parsed = ipaddr.process(zone < 0 ? text : text.slice(0, zone));
  return { text: parsed.toString(), isPublic: parsed.range() === 'unicast', parsed };
}
