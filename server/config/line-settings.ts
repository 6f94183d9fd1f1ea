import { fieldNames, isFieldName, type FieldName } from '../../shared/event/fields.ts';
import { ownFields } from '../../shared/event/own-fields.ts';
import type { FieldMapping } from './configuration.ts';
import { found, unknownWord } from './problem.ts';
import { isMapping, placeIn, type OpenFile } from './section.ts';

type Path = readonly PropertyKey[];

/** What a source says about how its lines are read, beside their format. */
export interface LineSettings {
  readonly zone?: string;
  readonly fields?: FieldMapping;
}

/** Of a request these follow from the rest. */
const following: ReadonlySet<FieldName> = new Set<FieldName>([
  'event.kind',
  'event.category',
  'event.type',
  'event.outcome',
]);

/** Fields that `fields` of a source may name. */
const mappable = fieldNames.filter((name) => !ownFields.has(name) && !following.has(name));

/** Reads `zone` and `fields` of a source; `refused` when `fields` is wrong, with its problems reported. `zone` is judged by its schema. */
export function readLineSettings(file: OpenFile, source: unknown, path: Path): LineSettings | 'refused' {
  if (!isMapping(source)) return {};
  const zone = Object.hasOwn(source, 'zone') ? source['zone'] : undefined;
  const said = typeof zone === 'string' ? { zone } : {};
  if (!Object.hasOwn(source, 'fields')) return said;
  const fields = readFields(file, source, [...path, 'fields']);
  return fields === null ? 'refused' : { ...said, fields };
}

function readFields(file: OpenFile, source: Record<string, unknown>, path: Path): FieldMapping | null {
  const { fields } = source;
  const refuse = (at: Path, what: string): null => {
    file.problems.report(placeIn(file, at), what);
    return null;
  };
  if (source['format'] !== 'nginx-json')
    return refuse(path, 'found fields, expected them only with format: nginx-json');
  if (!isMapping(fields)) return refuse(path, `${found(fields)}, expected a mapping of fields to keys`);
  const pairs = Object.entries(fields).map(([name, key]) => {
    if (!isFieldName(name)) return refuse([...path, name], unknownWord('field', name, mappable));
    if (!mappable.includes(name))
      return refuse([...path, name], 'found a field that Siaga alone says, expected another');
    if (!isKey(key)) return refuse([...path, name], `${found(key)}, ${keyExpected}`);
    return [name, key] as const;
  });
  return pairs.every((pair) => pair !== null) ? pairs : null;
}

const maxKeyLength = 200;
const maxDepth = 6;
const keyExpected = `expected a key of the JSON object, or keys joined by dots, ${maxDepth} at most`;

function isKey(key: unknown): key is string {
  if (typeof key !== 'string' || key.length > maxKeyLength) return false;
  const parts = key.split('.');
  return parts.length <= maxDepth && parts.every((part) => part !== '');
}
