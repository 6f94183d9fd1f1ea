import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';

/** A YAML document as a value, and where each part of it stands. */
export interface LocatedYaml {
  readonly value: unknown;
  /** 1-based line of the key or item at `path`, or of the nearest part around it that exists. */
  lineOf(path: readonly PropertyKey[]): number;
}

export interface YamlProblem {
  readonly line: number | null;
  readonly what: string;
}

/** Aliases that may be resolved in one document; more is taken for an attempt to exhaust memory. */
export const maxAliases = 50;

/** Syntax errors that are told; the first ones mostly cause the others. */
export const maxSyntaxProblems = 10;

/**
 * Parses one YAML 1.2 document (core schema, unique keys, no merge keys, no custom tags).
 * Gives the first syntax errors with their lines instead of a value when there are any; never throws.
 */
export function parseYaml(text: string): LocatedYaml | readonly YamlProblem[] {
  const lines = new LineCounter();
  const lineAt = (offset: number) => Math.max(1, lines.linePos(offset).line);
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
    const problems = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
      line: lineAt(pos[0]),
      what: message,
    }));
    if (problems.length > 0) return problems.slice(0, maxSyntaxProblems);
    const value: unknown = document.toJS({ maxAliasCount: maxAliases });
    return { value, lineOf: (path) => lineAt(offsetOf(document, path)) };
  } catch (error) {
    return [{ line: null, what: whatThrew(error) }];
  }
}

function whatThrew(error: unknown): string {
  if (error instanceof RangeError) return 'nested too deep to be read';
  if (error instanceof ReferenceError) return `found more than ${maxAliases} uses of aliases, expected fewer`;
  return error instanceof Error ? error.message : 'could not be read';
}

function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      offset = startOf(pair?.key) ?? offset;
      next = pair?.value;
    } else if (isSeq(node)) {
      next = node.items[Number(step)];
      offset = startOf(next) ?? offset;
    }
    if (next === undefined || next === null) return offset;
    node = next;
  }
  return offset;
}

function startOf(node: unknown): number | null {
  const range = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : null;
  return range?.[0] ?? null;
}
