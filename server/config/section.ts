import * as z from 'zod/mini';
import type { LocatedYaml } from './located-yaml.ts';
import { found, unknownWord, type Place, type Problems } from './problem.ts';

/** A parsed configuration file on its way to a configuration. */
export interface OpenFile {
  /** As the operator named it. */
  readonly name: string;
  readonly yaml: LocatedYaml;
  readonly problems: Problems;
}

/** Where a key of the file stands. */
export const placeIn = ({ name, yaml }: OpenFile, path: readonly PropertyKey[]): Place => ({
  file: name,
  line: yaml.lineOf(path),
  path,
});

/** The value of a part of the file by its schema; `null` when it is refused, with each problem reported at its place. */
export function readSection<T>(
  file: OpenFile,
  schema: z.ZodMiniType<T>,
  value: unknown,
  path: readonly PropertyKey[],
): T | null {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  const told = new Set<string>();
  const report = (at: readonly PropertyKey[], what: string) => {
    const place = JSON.stringify(at.map(String));
    if (told.has(place)) return;
    told.add(place);
    file.problems.report(placeIn(file, [...path, ...at]), what);
  };
  for (const issue of parsed.error.issues) {
    if (issue.code === 'unrecognized_keys')
      for (const key of issue.keys) report([...issue.path, key], unknownWord('key', key, keysOf(schema)));
    else report(issue.path, `${found(valueAt(value, issue.path))}, expected ${issue.message}`);
  }
  return null;
}

/** Whether a part of the file is a mapping of keys. */
export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function keysOf(schema: z.ZodMiniType): string[] {
  return schema instanceof z.ZodMiniObject ? Object.keys(schema.shape) : [];
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return at;
}
