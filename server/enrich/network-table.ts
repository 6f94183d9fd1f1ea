import { readAddressWords } from './address-words.ts';

/** The network that an address belongs to, in the words of internet routing. */
export interface AutonomousSystem {
  readonly number: number;
  /** Who runs it; `null` when the data doesn't say. */
  readonly organization: string | null;
}

/** Answers for one address, in its usual text form; `null` when it lies in no known range. */
export type FindNetwork = (address: string) => AutonomousSystem | null;

/** Ranges of 128 bits in order of their starts, four words an address, and the index of the system of each. */
interface Rows {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly systems: Uint32Array;
  count: number;
}

const wordsPerAddress = 4;

/**
 * A table of address ranges from CSV texts without a header, `first,last,number,"organisation"`, each sorted, those of IPv4
 * first. 36 bytes a range and each organisation once; rows that are no such range are left out.
 */
export function createNetworkTable(csvs: readonly Buffer[]): FindNetwork {
  const capacity = csvs.reduce((sum, csv) => sum + countLines(csv), 0);
  const rows: Rows = {
    starts: new Uint32Array(capacity * wordsPerAddress),
    ends: new Uint32Array(capacity * wordsPerAddress),
    systems: new Uint32Array(capacity),
    count: 0,
  };
  const indexOf = new Map<number, number>();
  const systems: AutonomousSystem[] = [];
  for (const csv of csvs)
    eachRow(csv, rows, (number, name) => {
      const known = indexOf.get(number);
      if (known !== undefined) return known;
      indexOf.set(number, systems.length);
      const organization = nameOf(csv.toString('utf8', name.from, name.to));
      return systems.push({ number, organization }) - 1;
    });
  const wanted = new Uint32Array(wordsPerAddress);
  return (address) => {
    if (!readAddressWords(address, wanted)) return null;
    const row = lastNotAfter(rows, wanted);
    if (row < 0 || compare(rows.ends, row, wanted) < 0) return null;
    return systems[rows.systems[row] ?? 0] ?? null;
  };
}

function countLines(csv: Buffer): number {
  let count = 1;
  for (let at = csv.indexOf(10); at >= 0; at = csv.indexOf(10, at + 1)) count += 1;
  return count;
}

type SystemOf = (number: number, name: { readonly from: number; readonly to: number }) => number;

function eachRow(csv: Buffer, rows: Rows, systemOf: SystemOf): void {
  // One character a byte, so that places in the text are places in the buffer.
  const text = csv.toString('latin1');
  const first = new Uint32Array(wordsPerAddress);
  const last = new Uint32Array(wordsPerAddress);
  for (let at = 0; at < text.length;) {
    const found = text.indexOf('\n', at);
    const end = found < 0 ? text.length : found;
    const firstEnd = text.indexOf(',', at);
    const lastEnd = text.indexOf(',', firstEnd + 1);
    const numberEnd = text.indexOf(',', lastEnd + 1);
    const number = Number(text.slice(lastEnd + 1, numberEnd));
    const isRow =
      numberEnd > 0 &&
      numberEnd < end &&
      number >= 0 &&
      readAddressWords(text.slice(at, firstEnd), first) &&
      readAddressWords(text.slice(firstEnd + 1, lastEnd), last);
    if (isRow) {
      rows.starts.set(first, rows.count * wordsPerAddress);
      rows.ends.set(last, rows.count * wordsPerAddress);
      rows.systems[rows.count] = systemOf(number, { from: numberEnd + 1, to: end });
      rows.count += 1;
    }
    at = end + 1;
  }
}

/** A field of CSV (RFC 4180) as text; an empty one is `null`. */
function nameOf(field: string): string | null {
  const text = field.trim();
  const name = text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
  return name === '' ? null : name;
}

/** The last row that starts at `wanted` or before it; -1 when there is none. */
function lastNotAfter({ starts, count }: Rows, wanted: Uint32Array): number {
  let low = 0;
  let high = count - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if (compare(starts, middle, wanted) <= 0) low = middle + 1;
    else high = middle - 1;
  }
  return high;
}

/** Below 0 when the row's address comes before `wanted`, 0 when it is the same, above 0 when it comes after. */
function compare(addresses: Uint32Array, row: number, wanted: Uint32Array): number {
  for (let word = 0; word < wordsPerAddress; word += 1) {
    const difference = (addresses[row * wordsPerAddress + word] ?? 0) - (wanted[word] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
