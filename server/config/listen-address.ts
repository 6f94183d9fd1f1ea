import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { ListenAddress } from './configuration.ts';

/** Reads `192.0.2.1:514`, `[2001:db8::1]:514` or `localhost:514`; `null` for anything else. */
export function parseListenAddress(text: string): ListenAddress | null {
  const match = /^(?:\[([\da-f:.]{2,45})\]|([\d.]{7,15}|localhost)):(\d{1,5})$/i.exec(text);
  const [, six, four, digits] = match ?? [];
  const port = Number(digits);
  if (match === null || port > 65_535) return null;
  if (six !== undefined) return isIP(six) === 6 ? { host: six, port } : null;
  const host = four?.toLowerCase() ?? '';
  return host === 'localhost' || isIP(host) === 4 ? { host, port } : null;
}

/** As `parseListenAddress` reads it. */
export const printListenAddress = ({ host, port }: ListenAddress): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

/** Whether only this machine can reach an address. */
export const isLoopback = ({ host }: ListenAddress): boolean =>
  host === 'localhost' || ipaddr.parse(host).range() === 'loopback';

/** Whether a text is an IP address, or a network in CIDR form without bits behind its prefix. */
export function isNetwork(text: string): boolean {
  const [address = '', prefix, more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || address.includes('%') || more !== undefined) return false;
  if (prefix === undefined) return true;
  const bits = family === 4 ? 32 : 128;
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > bits) return false;
  const first =
    family === 4 ? ipaddr.IPv4.networkAddressFromCIDR(text) : ipaddr.IPv6.networkAddressFromCIDR(text);
  return first.toNormalizedString() === ipaddr.parse(address).toNormalizedString();
}
