import { createHash } from 'node:crypto';
import { severities, type LanguageText } from '../../../shared/alert.ts';
import { maxShortLength, shortTitle } from '../../../shared/short-title.ts';
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
  'siaga.short',
  'siaga.description.id',
  'siaga.falsepositives.id',
  'siaga.response',
] as const;

const statuses = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'] as const;
const maxTitleLength = 256;
/** An Indonesian title must fit a row of the queue. */
const maxIndonesianTitleLength = 40;
const maxDescriptionLength = 10_000;
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
  const en = text('title', maxTitleLength);
  if (en === null) throw new Refusal(root.at, 'found no "title"');
  const title = { id: text('siaga.title.id', maxIndonesianTitleLength) ?? en, en };
  const status = valueOf(entries, 'status');
  if (status) oneOf(status, statuses, 'status');
  const level = valueOf(entries, 'level');
  const name = text('name', maxIdLength);
  const info: RuleInfo = {
    id: text('id', maxIdLength) ?? name ?? derivedId(en),
    title,
    short: inBothLanguages(valueOf(entries, 'siaga.short'), 'siaga.short', maxShortLength) ?? {
      id: shortTitle(title.id),
      en: shortTitle(title.en),
    },
    severity: level ? oneOf(level, severities, 'level') : 'medium',
    tags: texts('tags'),
    description: eachForTheOther(
      text('siaga.description.id', maxDescriptionLength),
      text('description', maxDescriptionLength),
    ),
    falsePositives: eachForTheOther(texts('siaga.falsepositives.id'), texts('falsepositives')) ?? noTexts,
    response: inBothLanguages(valueOf(entries, 'siaga.response'), 'siaga.response', maxDescriptionLength),
  };
  return { info, name };
}

const noTexts = { id: [], en: [] };

/** What is said in one language only stands in for the other. */
function eachForTheOther<T extends string | readonly string[]>(
  id: T | null,
  en: T | null,
): { id: T; en: T } | null {
  const said = (texts: T | null): T | null => (texts === null || texts.length === 0 ? null : texts);
  const [ofId, ofEn] = [said(id) ?? said(en), said(en) ?? said(id)];
  return ofId === null || ofEn === null ? null : { id: ofId, en: ofEn };
}

function refuseUnknownAttributes(entries: readonly YamlEntry[], known: readonly string[]): void {
  for (const { key, at } of entries) {
    const foreign = key.includes('.') && !key.startsWith('siaga.');
    if (!foreign && !known.includes(key)) {
      throw new Refusal(at, `found unknown key ${shown(key)}; allowed: ${listed(known)}`);
    }
  }
}

function inBothLanguages(node: YamlNode | null, what: string, maxLength: number): LanguageText | null {
  if (!node) return null;
  const entries = mapEntries(node, what);
  refuseUnknownKeys(entries, ['id', 'en'], what);
  const inLanguage = (language: string): string => {
    const value = valueOf(entries, language);
    if (!value) throw new Refusal(node.at, `${what}: found no "${language}"; expected "id" and "en"`);
    const { text, at } = filledScalar(value, `${what}: ${language}`);
    if (text.length <= maxLength) return text;
    throw new Refusal(at, `${what}: ${language}: found ${text.length} characters; allowed: ${maxLength}`);
  };
  return { id: inLanguage('id'), en: inLanguage('en') };
}

const derivedId = (title: string): string =>
  `title-${createHash('sha256').update(title).digest('hex').slice(0, 16)}`;
