import ipaddr from 'ipaddr.js';
import { fail, ok, type Result } from '../../shared/result.ts';

/** Where a webhook may go: `https`, or `http` to this machine itself. */
export const webhookExpected =
  'an https:// address, or http:// of this machine, without user, password or fragment';

/** Whether a text may be the address of a webhook at all; what its name resolves to is judged when it is called. */
export function isWebhookUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.username !== '' || url.password !== '' || text.includes('#')) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isOwnHost(url.hostname));
}

/** Whether the host is this machine by its very name, and not only by what a name server says. */
export function isOwnHost(hostname: string): boolean {
  const host = bare(hostname);
  if (host === 'localhost') return true;
  return ipaddr.isValid(host) && rangeOf(host) === 'loopback';
}

/** The host without the brackets of IPv6. */
export const bare = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, '$1');

const privateRanges: ReadonlySet<string> = new Set(['private', 'uniqueLocal', 'carrierGradeNat']);

/** Where clouds keep what a machine may know of itself, its passwords among it, and which is no link-local address. */
const metadata: ReadonlySet<string> = new Set(['fd00:ec2::254', '100.100.100.200', '192.0.0.192']);

/**
 * Whether a webhook may connect to that address. Private networks only if they are allowed; link-local, metadata services, and
 * whatever else is no host of the public network never are.
 */
export function mayCall(
  address: string,
  { isOwn, allowPrivate }: { readonly isOwn: boolean; readonly allowPrivate: boolean },
): Result<null, 'refused'> {
  const range = ipaddr.isValid(address) ? rangeOf(address) : 'no address';
  if (metadata.has(plain(address))) return fail('refused', `${address} is a metadata service`);
  if (range === 'unicast') return ok(null);
  if (range === 'loopback' && isOwn) return ok(null);
  if (privateRanges.has(range) && allowPrivate) return ok(null);
  const hint = privateRanges.has(range) ? '; allowPrivate: true lets it' : '';
  return fail('refused', `${address} (${range}) may not be called${hint}`);
}

// `process` takes an IPv4 address out of its IPv6 clothes, where it would hide.
const plain = (address: string): string =>
  ipaddr.isValid(address) ? ipaddr.process(address).toString() : address;
const rangeOf = (address: string): string => ipaddr.process(address).range();
