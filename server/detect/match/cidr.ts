/** An address as 16-bit groups: two for IPv4 (and IPv4 mapped into IPv6), eight for IPv6. */
export type AddressGroups = readonly number[];

/** A network: the groups of its first address and the length of its prefix in bits. */
export interface Network {
  readonly groups: AddressGroups;
  readonly prefix: number;
}

/** Reads an IPv4 or IPv6 address; `null` when it is neither. A zone (`%eth0`) is left out. */
export function parseAddress(text: string): AddressGroups | null {
  return text.includes(':') ? parseV6(text) : parseV4(text);
}

function parseV4(text: string): AddressGroups | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return null;
  const [a, b, c, d] = match.slice(1).map(Number) as [number, number, number, number];
  if (a > 255 || b > 255 || c > 255 || d > 255) return null;
  return [a * 256 + b, c * 256 + d];
}

const maxAddressLength = 60;
const zeros: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 0];

function parseV6(text: string): AddressGroups | null {
  if (text.length > maxAddressLength) return null;
  const zone = text.indexOf('%');
  const halves = (zone < 0 ? text : text.slice(0, zone)).split('::');
  if (halves.length > 2) return null;
  const head = parseGroups(halves[0] ?? '');
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '') : [];
  if (!head || !tail) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  return unmap([...head, ...zeros.slice(0, missing), ...tail]);
}

function parseGroups(text: string): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const embedded = index === parts.length - 1 && part.includes('.') ? parseV4(part) : null;
    if (embedded) groups.push(...embedded);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}

/** `::ffff:192.0.2.1` is the IPv4 address by another name. */
function unmap(groups: readonly number[]): AddressGroups {
  const mapped = groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
  return mapped ? groups.slice(6) : groups;
}

/** Reads `address/prefix`; a word saying what is wrong when it isn't one or has bits set behind its prefix. */
export function parseNetwork(text: string): Network | string {
  const slash = text.indexOf('/');
  const groups = parseAddress(slash < 0 ? text : text.slice(0, slash));
  const length = slash < 0 ? '' : text.slice(slash + 1);
  if (!groups || !/^\d{1,3}$/.test(length)) return 'not a network in CIDR form, such as 192.0.2.0/24';
  const prefix = Number(length);
  if (prefix > groups.length * 16) return `its prefix is longer than ${groups.length * 16} bits`;
  const network = { groups, prefix };
  const first = groups.map((group, index) => group & maskOf(prefix, index));
  if (first.some((group, index) => group !== groups[index])) return 'it has host bits set behind its prefix';
  return network;
}

const maskOf = (prefix: number, index: number): number => {
  const bits = Math.min(16, Math.max(0, prefix - index * 16));
  return (0xffff << (16 - bits)) & 0xffff;
};

/** Whether the address lies in the network; addresses of the other family never do. */
export function inNetwork(address: AddressGroups, network: Network): boolean {
  if (address.length !== network.groups.length) return false;
  return network.groups.every(
    (group, index) => ((address[index] ?? 0) & maskOf(network.prefix, index)) === group,
  );
}
