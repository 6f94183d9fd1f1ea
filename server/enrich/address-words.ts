const colon = 58;
const dot = 46;

/**
 * Writes the address at `text[from, to)` (RFC 4291, section 2.2) into `words` as four numbers of 32 bits, IPv4 as
 * `::ffff:0:0/96`; false when it is none.
 */
export function readAddressWords(text: string, from: number, to: number, words: Uint32Array): boolean {
  const v4 = readV4(text, from, to);
  if (v4 < 0) return readV6(text, from, to, words);
  words[0] = 0;
  words[1] = 0;
  words[2] = 0xffff;
  words[3] = v4;
  return true;
}

/** The four decimal numbers as one of 32 bits; -1 when it is no such address. */
function readV4(text: string, from: number, to: number): number {
  let address = 0;
  let part = -1;
  let parts = 0;
  for (let at = from; at <= to; at += 1) {
    const code = at === to ? dot : text.charCodeAt(at);
    if (code === dot) {
      if (part < 0 || part > 255) return -1;
      address = address * 256 + part;
      parts += 1;
      part = -1;
    } else {
      if (code < 48 || code > 57) return -1;
      part = Math.max(part, 0) * 10 + code - 48;
    }
  }
  return parts === 4 ? address : -1;
}

const groups = new Uint16Array(8);

function readV6(text: string, from: number, to: number, words: Uint32Array): boolean {
  let count = 0;
  let gap = -1;
  let group = -1;
  for (let at = from; at <= to; at += 1) {
    const code = at === to ? colon : text.charCodeAt(at);
    if (code !== colon) {
      const digit = hexDigit(code);
      group = Math.max(group, 0) * 16 + digit;
      if (digit < 0 || group > 0xffff) return false;
    } else if (group >= 0) {
      if (count === 8) return false;
      groups[count] = group;
      count += 1;
      group = -1;
    } else if (at < to && at > from && text.charCodeAt(at - 1) === colon) {
      if (gap >= 0) return false;
      gap = count;
    }
  }
  if (gap < 0 ? count !== 8 : count > 7) return false;
  if (gap >= 0) {
    groups.copyWithin(8 - count + gap, gap, count);
    groups.fill(0, gap, 8 - count + gap);
  }
  for (let word = 0; word < 4; word += 1)
    words[word] = (groups[word * 2] ?? 0) * 65_536 + (groups[word * 2 + 1] ?? 0);
  return true;
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
