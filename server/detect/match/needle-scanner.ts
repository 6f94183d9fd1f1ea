/**
 * Finds any of many ASCII needles, case ignored, in one pass over a text (Aho and Corasick 1975, as a full table).
 * Needles belong to groups; a scan marks the groups of which a needle occurs.
 */
export interface NeedleScanner {
  /** Marks in `found` (one byte a group) what occurs. False when the text isn't ASCII and so nothing is known. */
  scan(text: string, found: Uint8Array): boolean;
}

interface Trie {
  /** Child of node `n` by class `c` at `n * classes + c`; 0 is the root and means "none" while building. */
  next: Int32Array;
  fail: Int32Array;
  /** Groups that end at a node, by node. */
  groups: Map<number, Set<number>>;
  nodes: number;
}

const asciiLimit = 128;

function classesOf(needles: readonly string[]): { classOf: Uint8Array; classes: number } {
  const classOf = new Uint8Array(asciiLimit);
  let classes = 1;
  for (const needle of needles) {
    for (let i = 0; i < needle.length; i++) {
      const code = needle.charCodeAt(i);
      if (classOf[code] === 0) classOf[code] = classes++;
    }
  }
  for (let code = 65; code <= 90; code++) classOf[code] = classOf[code + 32] ?? 0;
  return { classOf, classes };
}

function buildTrie(needleGroups: readonly (readonly string[])[], classOf: Uint8Array, classes: number): Trie {
  const size = needleGroups.flat().reduce((sum, needle) => sum + needle.length, 1);
  const next = new Int32Array(size * classes);
  const groups = new Map<number, Set<number>>();
  let nodes = 1;
  for (const [group, needles] of needleGroups.entries()) {
    for (const needle of needles) {
      let node = 0;
      for (let i = 0; i < needle.length; i++) {
        const slot = node * classes + (classOf[needle.charCodeAt(i)] ?? 0);
        if (next[slot] === 0) next[slot] = nodes++;
        node = next[slot] ?? 0;
      }
      const ending = groups.get(node) ?? new Set();
      groups.set(node, ending.add(group));
    }
  }
  return { next, fail: new Int32Array(nodes), groups, nodes };
}

/** Turns the trie into a table without failure steps: breadth first, each node takes what it lacks from its suffix. */
function complete(trie: Trie, classes: number): void {
  const { next, fail, groups } = trie;
  const queue: number[] = [...next.subarray(0, classes)].filter((child) => child !== 0);
  for (const node of queue) {
    const suffix = fail[node] as number;
    const inherited = groups.get(suffix);
    if (inherited) groups.set(node, new Set([...(groups.get(node) ?? []), ...inherited]));
    for (let c = 0; c < classes; c++) {
      const slot = node * classes + c;
      const bySuffix = next[suffix * classes + c] as number;
      const child = next[slot] as number;
      if (child === 0) next[slot] = bySuffix;
      else {
        fail[child] = bySuffix;
        queue.push(child);
      }
    }
  }
}

const maxRareMarks = 3;

/**
 * At most three rare marks of which every needle has one, or `null`. Looking for a single mark takes a fraction of a scan,
 * and marks have no case, so that a text without them holds no needle whatever else is in it.
 */
function rareMarksOf(needles: readonly string[]): readonly string[] | null {
  const marks: string[] = [];
  for (const needle of needles) {
    if (!isScannable(needle)) return null;
    if (marks.some((mark) => needle.includes(mark))) continue;
    const [mark] = /[^\w\s/.;():,=&?%+-]/.exec(needle) ?? [];
    if (mark === undefined || marks.push(mark) > maxRareMarks) return null;
  }
  return marks;
}

function hasAny(text: string, marks: readonly string[]): boolean {
  for (const mark of marks) if (text.includes(mark)) return true;
  return false;
}

/** Builds a scanner for lower-case needles, by group. Those outside ASCII can't occur in a text that it knows about. */
export function createNeedleScanner(needleGroups: readonly (readonly string[])[]): NeedleScanner {
  const scannable = needleGroups.map((needles) => needles.filter(isScannable));
  const { classOf, classes } = classesOf(scannable.flat());
  const trie = buildTrie(scannable, classOf, classes);
  complete(trie, classes);
  // States are kept multiplied by the number of classes, which saves a multiplication a character.
  const next = trie.next.slice(0, trie.nodes * classes).map((node) => node * classes);
  const ends = new Uint8Array(trie.nodes * classes);
  for (const node of trie.groups.keys()) ends[node * classes] = 1;

  const mark = (state: number, found: Uint8Array): void => {
    for (const group of trie.groups.get(state / classes) ?? []) found[group] = 1;
  };
  const rareMarks = rareMarksOf(needleGroups.flat());
  return {
    scan(text, found) {
      if (rareMarks !== null && !hasAny(text, rareMarks)) return true;
      let state = 0;
      for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(i);
        if (code >= asciiLimit) return false;
        state = next[state + (classOf[code] as number)] as number;
        if (ends[state] === 1) mark(state, found);
      }
      return true;
    },
  };
}

const isScannable = (needle: string): boolean => needle !== '' && /^[\0-\x7f]+$/.test(needle);
