/** A piece of a glob between two `*`: literal texts, and `one` for any single UTF-16 unit. */
export type GlobSegment = readonly (string | typeof one)[];

/** Stands for `?`: exactly one character. */
export const one = Symbol('one');

/** A text with wildcards: its segments stand in this order with anything in between. */
export interface GlobPattern {
  readonly segments: readonly GlobSegment[];
  /** Whether the first segment stands at the start of the text, and the last at its end. */
  readonly anchoredStart: boolean;
  readonly anchoredEnd: boolean;
}

const lengthOf = (segment: GlobSegment): number =>
  segment.reduce((sum, piece) => sum + (piece === one ? 1 : piece.length), 0);

function standsAt(segment: GlobSegment, text: string, start: number): boolean {
  let at = start;
  for (const piece of segment) {
    if (piece === one) {
      if (at >= text.length) return false;
      at += 1;
    } else {
      if (!text.startsWith(piece, at)) return false;
      at += piece.length;
    }
  }
  return true;
}

/** First place from `from` on where the segment stands and ends before `end`; -1 when there is none. */
function find(segment: GlobSegment, text: string, from: number, end: number): number {
  const last = end - lengthOf(segment);
  const [head] = segment;
  for (let at = from; at <= last; at++) {
    if (typeof head === 'string') {
      at = text.indexOf(head, at);
      if (at < 0 || at > last) return -1;
    }
    if (standsAt(segment, text, at)) return at;
  }
  return -1;
}

/** Whether the whole text fits the pattern; never backtracks over a `*`. */
export function globMatches({ segments, anchoredStart, anchoredEnd }: GlobPattern, text: string): boolean {
  const middle = [...segments];
  let from = 0;
  let end = text.length;
  if (anchoredStart) {
    const head = middle.shift() ?? [];
    if (!standsAt(head, text, 0)) return false;
    from = lengthOf(head);
    if (middle.length === 0) return !anchoredEnd || from === end;
  }
  if (anchoredEnd) {
    const tail = middle.pop() ?? [];
    end -= lengthOf(tail);
    if (end < from || !standsAt(tail, text, end)) return false;
  }
  for (const segment of middle) {
    const at = find(segment, text, from, end);
    if (at < 0) return false;
    from = at + lengthOf(segment);
  }
  return true;
}

/** The longest literal that every fitting text contains; empty when there is none. */
export function longestLiteral(pattern: GlobPattern): string {
  let longest = '';
  for (const piece of pattern.segments.flat()) {
    if (piece !== one && piece.length > longest.length) longest = piece;
  }
  return longest;
}
