import { createHash } from 'node:crypto';
import { severities } from '../../../shared/alert.ts';
import type { RuleInfo } from '../detection.ts';
import { Refusal, type YamlEntry, type YamlNode } from './yaml-node.ts';
import {
  filledScalar,
  listed,
  mapEntries,
  oneOf,
  refuseUnknownKeys,
  scalarList,
  shown,
  valueOf,
} from './yaml-reading.ts';

/** Attributes that any rule may have: Sigma 2.1 and Siaga's own. */
const commonKeys = [
  'title',
  'id',
  'name',
  'taxonomy',
  'related',
  'status',
  'description',
  'license',
  'author',
  'references',
  'date',
  'modified',
  'falsepositives',
  'level',
  'tags',
  'scope',
  'fields',
  'siaga.title.id',
  'siaga.response',
] as const;

const statuses = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'] as const;
const maxTitleLength = 256;
/** An Indonesian title must fit a row of the wall. */
export const maxShortTitleLength = 40;
const maxIdLength = 100;

/** What identifies a rule in its file, and what is shown of it. */
export interface RuleHeader {
  readonly info: RuleInfo;
  /** Sigma's `name`, by which correlations may refer to the rule. */
  readonly name: string | null;
}

/** Reads what every kind of rule has; refuses attributes that are neither common, in `ownKeys`, nor another tool's (`tool.key`). */
export function parseHeader(
  entries: readonly YamlEntry[],
  ownKeys: readonly string[],
  root: YamlNode,
): RuleHeader {
  refuseUnknownAttributes(entries, [...commonKeys, ...ownKeys]);
  const text = (key: string, max: number): string | null => {
    const node = valueOf(entries, key);
    if (!node) return null;
    const scalar = filledScalar(node, key);
    if (scalar.text.length > max) {
      throw new Refusal(scalar.at, `${key}: found ${scalar.text.length} characters; allowed: ${max}`);
    }
    return scalar.text;
  };
  const texts = (key: string): readonly string[] => {
    const node = valueOf(entries, key);
    return node ? scalarList(node, key).map((scalar) => scalar.text) : [];
  };
  const title = text('title', maxTitleLength);
  if (title === null) throw new Refusal(root.at, 'found no "title"');
  const status = valueOf(entries, 'status');
  if (status) oneOf(status, statuses, 'status');
  const level = valueOf(entries, 'level');
  const name = text('name', maxIdLength);
  const info: RuleInfo = {
    id: text('id', maxIdLength) ?? name ?? derivedId(title),
    title: { en: title, id: text('siaga.title.id', maxShortTitleLength) ?? title },
    severity: level ? oneOf(level, severities, 'level') : 'medium',
    tags: texts('tags'),
    description: text('description', 10_000),
    falsePositives: texts('falsepositives'),
    response: parseResponse(valueOf(entries, 'siaga.response')),
  };
  return { info, name };
}

function refuseUnknownAttributes(entries: readonly YamlEntry[], known: readonly string[]): void {
  for (const { key, at } of entries) {
    const foreign = key.includes('.') && !key.startsWith('siaga.');
    if (!foreign && !known.includes(key)) {
      throw new Refusal(at, `found unknown key ${shown(key)}; allowed: ${listed(known)}`);
    }
  }
}

function parseResponse(node: YamlNode | null): RuleInfo['response'] {
  if (!node) return null;
  const entries = mapEntries(node, 'siaga.response');
  refuseUnknownKeys(entries, ['id', 'en'], 'siaga.response');
  const inLanguage = (language: string): string => {
    const value = valueOf(entries, language);
    if (!value) throw new Refusal(node.at, `siaga.response: found no "${language}"; expected "id" and "en"`);
    return filledScalar(value, `siaga.response: ${language}`).text;
  };
  return { id: inLanguage('id'), en: inLanguage('en') };
}

const derivedId = (title: string): string =>
  `title-${createHash('sha256').update(title).digest('hex').slice(0, 16)}`;
