/**
 * Finds any of many ASCII needles, case ignored, in one pass over a text (Aho and Corasick 1975, as a full table).
 * Needles belong to groups; a scan marks the groups of which a needle occurs.
 */
export interface NeedleScanner {
  /** Marks in `found` (one byte a group) what occurs. False when the text isn't ASCII: then nothing is known. */
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
  const queue: number[] = [];
  for (let c = 0; c < classes; c++) {
    const child = next[c] ?? 0;
    if (child !== 0) queue.push(child);
  }
  for (let head = 0; head < queue.length; head++) {
    const node = queue[head] ?? 0;
    const suffix = fail[node] ?? 0;
    const inherited = groups.get(suffix);
    if (inherited) groups.set(node, new Set([...(groups.get(node) ?? []), ...inherited]));
    for (let c = 0; c < classes; c++) {
      const slot = node * classes + c;
      const bySuffix = next[suffix * classes + c] ?? 0;
      const child = next[slot] ?? 0;
      if (child === 0) next[slot] = bySuffix;
      else {
        fail[child] = bySuffix;
        queue.push(child);
      }
    }
  }
}

/** Builds a scanner for lower-case ASCII needles, by group; needles must not be empty. */
export function createNeedleScanner(needleGroups: readonly (readonly string[])[]): NeedleScanner {
  const { classOf, classes } = classesOf(needleGroups.flat());
  const trie = buildTrie(needleGroups, classOf, classes);
  complete(trie, classes);
  // States are kept multiplied by the number of classes, which saves a multiplication a character.
  const next = trie.next.slice(0, trie.nodes * classes).map((node) => node * classes);
  const ends = new Uint8Array(trie.nodes * classes);
  for (const node of trie.groups.keys()) ends[node * classes] = 1;

  const mark = (state: number, found: Uint8Array): void => {
    for (const group of trie.groups.get(state / classes) ?? []) found[group] = 1;
  };
  return {
    scan(text, found) {
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

/** Whether a needle can be given to a scanner. */
export const isScannable = (needle: string): boolean => needle !== '' && /^[\0-\x7f]+$/.test(needle);
