import { Refusal, type YamlEntry, type YamlNode, type YamlScalar } from './yaml-node.ts';

/** Shows a text from a rule in a message: quoted, on one line, not too long. */
export const shown = (text: string): string =>
  JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);

/** Names alternatives in a message. */
export const listed = (words: Iterable<string>): string => [...words].join(', ');

const described = (node: YamlNode): string => (node.kind === 'scalar' ? shown(node.text) : `a ${node.kind}`);

/** The entries of a map, or a refusal. */
export function mapEntries(node: YamlNode, what: string): readonly YamlEntry[] {
  if (node.kind !== 'map') throw new Refusal(node.at, `${what}: found ${described(node)}; expected a map`);
  return node.entries;
}

/** The scalar, which isn't null, or a refusal. */
export function filledScalar(node: YamlNode, what: string): YamlScalar {
  if (node.kind !== 'scalar')
    throw new Refusal(node.at, `${what}: found ${described(node)}; expected a text`);
  if (node.value === null) throw new Refusal(node.at, `${what}: found nothing; expected a text`);
  return node;
}

/** The scalars of a list, or of a single value taken as a list of one; never empty. */
export function scalarList(node: YamlNode, what: string): readonly YamlScalar[] {
  const items = node.kind === 'list' ? node.items : [node];
  if (items.length === 0)
    throw new Refusal(node.at, `${what}: found an empty list; expected at least one value`);
  return items.map((item) => filledScalar(item, what));
}

/** The word, or a refusal that names all those allowed. */
export function oneOf<W extends string>(node: YamlNode, words: readonly W[], what: string): W {
  const { text, at } = filledScalar(node, what);
  const word = words.find((known) => known === text);
  if (word === undefined) throw new Refusal(at, `${what}: found ${shown(text)}; allowed: ${listed(words)}`);
  return word;
}

/** Refuses entries whose key isn't one of `keys`. */
export function refuseUnknownKeys(
  entries: readonly YamlEntry[],
  keys: readonly string[],
  what: string,
): void {
  const unknown = entries.find(({ key }) => !keys.includes(key));
  if (unknown) {
    throw new Refusal(
      unknown.at,
      `${what}: found unknown key ${shown(unknown.key)}; allowed: ${listed(keys)}`,
    );
  }
}

/** The value of a key, `null` when the map lacks it. */
export const valueOf = (entries: readonly YamlEntry[], key: string): YamlNode | null =>
  entries.find((entry) => entry.key === key)?.value ?? null;
