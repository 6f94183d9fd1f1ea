import ipaddr from 'ipaddr.js';
import type { SiagaEvent } from '../../shared/event/fields.ts';
import { parseClientAddress } from './client-address.ts';
import { remembered } from './remembered.ts';

/** Puts the client that a trusted proxy names in the place of the proxy. */
export type FindClient = (event: SiagaEvent) => void;

/** Entries of a forwarded-for list that are looked at, from its end. */
export const maxHops = 50;
const maxRememberedHops = 10_000;

interface Hop {
  /** `null` when it is no address. */
  readonly address: string | null;
  readonly isTrusted: boolean;
}

const noHop: Hop = { address: null, isTrusted: false };

/** The client's address that a sender's forwarded-for list names; `null` where the sender or its list can't be believed. */
export type ReadClient = (sender: string, list: string) => string | null;

/**
 * What finds the client behind these proxies (addresses and networks in CIDR form, valid). Only when the sender itself is
 * trusted is its forwarded-for list read, from its end: each trusted proxy vouches for the entry before its own, so the first
 * address that is no trusted proxy is the client, and what stands left of it is a mere claim. Where every entry is a trusted
 * proxy, it is the first one. An entry that is no address ends the reading, and nothing is taken.
 */
export function createFindClient(trusted: readonly string[]): FindClient {
  if (trusted.length === 0) return () => undefined;
  const read = createClientReader(trusted);
  return (event) => {
    const sender = event['source.ip'];
    const list = event['siaga.forwarded_for'];
    if (sender === null || list === null) return;
    const client = read(sender, list);
    if (client === null) return;
    event['siaga.proxy.ip'] = sender;
    event['source.ip'] = client;
  };
}

/** The same for any list, by the rules of `createFindClient`. */
export function createClientReader(trusted: readonly string[]): ReadClient {
  const networks = trusted.map(networkOf);
  const judge = remembered(maxRememberedHops, (text): Hop => {
    const address = parseClientAddress(withoutPort(text.trim()));
    if (address === null) return noHop;
    const { parsed } = address;
    const isTrusted = networks.some(
      ([first, prefix]) => first.kind() === parsed.kind() && parsed.match(first, prefix),
    );
    return { address: address.text, isTrusted };
  });
  return (sender, list) => (judge(sender).isTrusted ? clientIn(list, judge) : null);
}

type Network = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

function networkOf(text: string): Network {
  if (text.includes('/')) return ipaddr.parseCIDR(text);
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function clientIn(list: string, judge: (text: string) => Hop): string | null {
  let end = list.length;
  for (let hops = 0; hops < maxHops; hops += 1) {
    const comma = list.lastIndexOf(',', end - 1);
    const { address, isTrusted } = judge(list.slice(comma + 1, end));
    if (address === null) return null;
    if (!isTrusted || comma < 0) return address;
    end = comma;
  }
  return null;
}

/** `192.0.2.1:4711`, `[2001:db8::1]:4711` and `[2001:db8::1]` without what is not the address. */
function withoutPort(text: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text);
  if (bracketed) return bracketed[1] ?? '';
  return /^[\d.]+:\d{1,5}$/.test(text) ? text.slice(0, text.indexOf(':')) : text;
}
