import { BlockList, isIP } from 'node:net';

/** Whether an address lies in one of these networks in CIDR form; without any it always does. An unknown address lies in none. */
export function createNetworks(networks: readonly string[]): (address: string | undefined) => boolean {
  if (networks.length === 0) return () => true;
  const list = new BlockList();
  for (const network of networks) {
    const [first = '', prefix = ''] = network.split('/');
    list.addSubnet(first, Number(prefix), familyOf(first));
  }
  return (address) => {
    const plain = (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
    return isIP(plain) !== 0 && list.check(plain, familyOf(plain));
  };
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
