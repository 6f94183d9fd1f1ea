import { one, type GlobPattern } from '../match/glob.ts';
import type { FieldTest } from '../rule.ts';

/** `*` of a Sigma text: any characters, or none. */
const any = Symbol('any');
type Piece = string | typeof one | typeof any;

/**
 * Reads a Sigma text: `*` and `?` are wildcards, `\*`, `\?` and `\\` literal, any other `\` stays as it is
 * (Sigma 2.1, "Escaping"). Neighbouring literals and stars come as one.
 */
function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  const add = (piece: Piece): void => {
    const last = found.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') found[found.length - 1] = last + piece;
    else if (piece !== any || last !== any) found.push(piece);
  };
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    const next = text.charAt(i + 1);
    if (char === '\\' && (next === '\\' || next === '*' || next === '?')) {
      add(next);
      i += 1;
    } else if (char === '*') add(any);
    else if (char === '?') add(one);
    else add(char);
  }
  return found;
}

export type TextComparison = 'equals' | 'contains' | 'startswith' | 'endswith';

/** The cheapest test that says what a Sigma text with its modifier means. */
export function textTest(text: string, comparison: TextComparison, cased: boolean): FieldTest {
  const open = {
    start: comparison === 'contains' || comparison === 'endswith',
    end: comparison === 'contains' || comparison === 'startswith',
  };
  const middle = pieces(text);
  while (middle[0] === any) {
    open.start = true;
    middle.shift();
  }
  while (middle.at(-1) === any) {
    open.end = true;
    middle.pop();
  }
  if (middle.length === 0 && (open.start || open.end)) return { kind: 'present' };
  const [literal = ''] = middle;
  if (middle.length <= 1 && typeof literal === 'string') {
    return { kind: kindOf(open), values: [literal], cased };
  }
  return { kind: 'glob', pattern: globOf(middle, open), cased };
}

function kindOf(open: { start: boolean; end: boolean }): TextComparison {
  if (open.start) return open.end ? 'contains' : 'endswith';
  return open.end ? 'startswith' : 'equals';
}

function globOf(middle: readonly Piece[], open: { start: boolean; end: boolean }): GlobPattern {
  const segments: (string | typeof one)[][] = [[]];
  for (const piece of middle) {
    if (piece === any) segments.push([]);
    else segments.at(-1)?.push(piece);
  }
  return { segments, anchoredStart: !open.start, anchoredEnd: !open.end };
}
