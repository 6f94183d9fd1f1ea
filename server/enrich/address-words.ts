/**
 * Writes an address (RFC 4291, section 2.2, without dots in IPv6) into `words` as four numbers of 32 bits, IPv4 as
 * `::ffff:0:0/96`; false when it is none.
 */
export function readAddressWords(address: string, words: Uint32Array): boolean {
  return address.includes(':') ? readV6(address, words) : readV4(address, words);
}

const dot = 46;
const colon = 58;

function readV4(address: string, words: Uint32Array): boolean {
  const number = v4Number(address);
  words[0] = 0;
  words[1] = 0;
  words[2] = 0xffff;
  words[3] = number;
  return number >= 0;
}

/** An IPv4 address, four decimal numbers without leading zeros, as one number of 32 bits; -1 when it is none. */
export function v4Number(address: string): number {
  let value = 0;
  let part = -1;
  let parts = 0;
  for (let at = 0; at <= address.length; at += 1) {
    const code = at === address.length ? dot : address.charCodeAt(at);
    if (code === dot) {
      if (part < 0 || part > 255) return -1;
      value = value * 256 + part;
      parts += 1;
      part = -1;
    } else {
      if (code < 48 || code > 57 || part === 0) return -1;
      part = Math.max(part, 0) * 10 + code - 48;
    }
  }
  return parts === 4 ? value : -1;
}

const groups = new Uint16Array(8);

function readV6(address: string, words: Uint32Array): boolean {
  const gap = address.indexOf('::');
  const head = readGroups(gap < 0 ? address : address.slice(0, gap), 0);
  if (head < 0) return false;
  const count = gap < 0 ? head : readGroups(address.slice(gap + 2), head);
  if (gap < 0 ? count !== 8 : count < 0 || count > 7) return false;
  if (gap >= 0) {
    groups.copyWithin(8 - count + head, head, count);
    groups.fill(0, head, 8 - count + head);
  }
  for (let word = 0; word < 4; word += 1)
    words[word] = (groups[word * 2] ?? 0) * 65_536 + (groups[word * 2 + 1] ?? 0);
  return true;
}

/** Writes the groups of a part without `::` behind the `before` that there are; how many there are then, or -1. */
function readGroups(part: string, before: number): number {
  if (part === '') return before;
  let count = before;
  let group = -1;
  for (let at = 0; at <= part.length; at += 1) {
    const code = at === part.length ? colon : part.charCodeAt(at);
    if (code === colon) {
      if (group < 0 || count === 8) return -1;
      groups[count] = group;
      count += 1;
      group = -1;
    } else {
      const digit = hexDigit(code);
      group = Math.max(group, 0) * 16 + digit;
      if (digit < 0 || group > 0xffff) return -1;
    }
  }
  return count;
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
