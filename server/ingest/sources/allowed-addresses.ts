import { BlockList, isIP } from 'node:net';

/** Whether a client may send: its address lies in one of these networks or is one of these addresses; `null` lets everybody in. */
export function createAllowed(allow: readonly string[] | null): (address: string) => boolean {
  if (allow === null) return () => true;
  const list = new BlockList();
  for (const entry of allow) {
    const [address = '', prefix] = entry.split('/');
    const family = familyOf(address);
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return (address) => isIP(address) !== 0 && list.check(address, familyOf(address));
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** The address of a peer as people write it: IPv4 that came by an IPv6 socket as IPv4, without a zone. */
export const plainAddress = (address: string | undefined): string =>
  (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
