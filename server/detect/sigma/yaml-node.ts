import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Document,
  type Node,
} from 'yaml';

/** Where something stands in its file, both 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A YAML value that knows its place. `text` of a scalar is how Sigma compares it. */
export type YamlNode =
  | { readonly kind: 'map'; readonly at: Place; readonly entries: readonly YamlEntry[] }
  | { readonly kind: 'list'; readonly at: Place; readonly items: readonly YamlNode[] }
  | YamlScalar;

export interface YamlScalar {
  readonly kind: 'scalar';
  readonly at: Place;
  readonly value: string | number | boolean | null;
  readonly text: string;
}

export interface YamlEntry {
  readonly key: string;
  readonly at: Place;
  readonly value: YamlNode;
}

/** Ends the reading of one rule; caught where rules are read, and turned into a `RuleProblem` there. */
export class Refusal extends Error {
  readonly at: Place;

  constructor(at: Place, message: string) {
    super(message);
    this.at = at;
  }
}

/** Most documents in a file, and nodes in a document. */
export const maxDocuments = 200;
export const maxNodes = 20_000;

/** Reads all documents of a file: each is a value or the reason why it isn't one. */
export function readYaml(text: string): (YamlNode | Refusal)[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true });
  if (!Array.isArray(documents)) return [];
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  return documents
    .filter((document) => document.contents !== null)
    .map((document, index) => {
      if (index >= maxDocuments) {
        return new Refusal(
          placeOf(document.range[0]),
          `found more than ${maxDocuments} documents in one file`,
        );
      }
      return readDocument(document, placeOf);
    });
}

function readDocument(document: Document.Parsed, placeOf: (offset: number) => Place): YamlNode | Refusal {
  const [error] = document.errors;
  if (error) {
    const reason = error.message.split('\n')[0] ?? '';
    return new Refusal(placeOf(error.pos[0]), `not valid YAML: ${reason.replace(/ at line \d+.*$/, '')}`);
  }
  try {
    return convert(document.contents, placeOf, { left: maxNodes });
  } catch (error_) {
    if (error_ instanceof Refusal) return error_;
    throw error_;
  }
}

function convert(node: unknown, placeOf: (offset: number) => Place, budget: { left: number }): YamlNode {
  const at = placeOf((node as Node | null)?.range?.[0] ?? 0);
  budget.left -= 1;
  if (budget.left < 0) throw new Refusal(at, `found more than ${maxNodes} values in one document`);
  if (node === null) return { kind: 'scalar', at, value: null, text: '' };
  if (isAlias(node)) throw new Refusal(at, `found a YAML alias "*${node.source}"; write the value out`);
  if (isMap(node)) {
    const entries = node.items.map(({ key, value }) => {
      const name = convert(key, placeOf, budget);
      if (name.kind !== 'scalar')
        throw new Refusal(name.at, `found a ${name.kind} as a key; expected a text`);
      const empty: YamlNode = { kind: 'scalar', at: name.at, value: null, text: '' };
      return { key: name.text, at: name.at, value: value === null ? empty : convert(value, placeOf, budget) };
    });
    return { kind: 'map', at, entries };
  }
  if (isSeq(node))
    return { kind: 'list', at, items: node.items.map((item) => convert(item, placeOf, budget)) };
  if (isScalar(node)) return scalar(node.value, node.source, at);
  throw new Refusal(at, 'found something that is no map, list or value');
}

function scalar(value: unknown, source: string | undefined, at: Place): YamlScalar {
  if (value === null) return { kind: 'scalar', at, value, text: '' };
  if (typeof value === 'number') {
    const text = Number.isSafeInteger(value) ? String(value) : (source ?? String(value));
    return { kind: 'scalar', at, value, text };
  }
  if (typeof value === 'string' || typeof value === 'boolean') {
    return { kind: 'scalar', at, value, text: String(value) };
  }
  throw new Refusal(at, 'found a value that is no text, number, true, false or null');
}
