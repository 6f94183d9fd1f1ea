import { isIP, isIPv4 } from 'node:net';

/** Longest text that can be an address with brackets, zone id and port. */
const maxLength = 80;

/** Whether the text is an IP address and nothing else; quick, and bounded whatever the text. */
export function isAddress(text: string): boolean {
  if (text.length > maxLength) return false;
  return isDottedQuad(text) || isIP(text) !== 0;
}

/** Whether the text is an IPv4 address; quick, for most clients of an access log have one. */
export function isDottedQuad(text: string): boolean {
  return text.length <= 15 && isIPv4(text);
}

const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/;
const withPort = /^(.*):\d{1,5}$/;

/**
 * The IP address of a peer as logs name it. A port, brackets and the id of an IPv6 zone go. `null` of `-` and of a unix
 * socket, which have none; `undefined` when the text is no peer.
 */
export function peerAddress(text: string): string | null | undefined {
  if (text === '-' || text === '' || text.startsWith('unix:')) return null;
  if (text.length > maxLength) return undefined;
  const bare = bracketed.exec(text)?.[1] ?? text;
  if (isAddress(bare)) return withoutZoneId(bare);
  const host = withPort.exec(bare)?.[1];
  return host !== undefined && bare === text && isAddress(host) ? withoutZoneId(host) : undefined;
}

const withoutZoneId = (address: string): string => {
  const zone = address.indexOf('%');
  return zone < 0 ? address : address.slice(0, zone);
};

/** The host of `host:port`, `[v6]:port` or `host`, as a log names a virtual host or a `Host` header; `null` when there is none. */
export function hostOf(text: string): string | null {
  if (text.length > 260 || text === '-' || text === '' || text === '_') return null;
  const host =
    bracketed.exec(text)?.[1] ?? (isAddress(text) ? text : (/^([^:]*):\d{1,5}$/.exec(text)?.[1] ?? text));
  return isAddress(host) || hostName.test(host) ? host : null;
}

const hostName = /^[A-Za-z0-9_*.-]{1,255}$/;

/** Whether the text may be the name of a client that a server looked up: RFC 1123, and no number. */
export function isHostName(text: string): boolean {
  if (text.length > 255 || !hostName.test(text) || text.startsWith('-') || text.includes('*')) return false;
  return /[A-Za-z]/.test(text.slice(text.lastIndexOf('.', text.length - 2) + 1));
}

/** Addresses of a list that are looked at; a longer list is no `X-Forwarded-For`. */
const maxListed = 100;

/** Whether the text reads as an `X-Forwarded-For`: a list with commas that has an address in it. */
export function isForwardedFor(text: string): boolean {
  const parts = text.split(',', maxListed);
  return parts.some((part) => typeof peerAddress(part.trim()) === 'string');
}
