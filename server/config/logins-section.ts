import type { LoginRecognition } from './configuration.ts';
import { defaultLogins } from './defaults.ts';
import { loginsSchema } from './file-schema.ts';
import { found } from './problem.ts';
import { isMapping, placeIn, readSection, type OpenFile } from './section.ts';

type Path = readonly PropertyKey[];

/** `logins` of a source, `fallback` when it says nothing; `'refused'` with its problems reported. */
export function readLogins(
  file: OpenFile,
  source: unknown,
  sourcePath: Path,
  fallback: boolean,
): LoginRecognition | null | 'refused' {
  const given = isMapping(source) && Object.hasOwn(source, 'logins') ? source['logins'] : fallback;
  if (typeof given === 'boolean') return given ? defaultLogins : null;
  const path = [...sourcePath, 'logins'];
  if (!isMapping(given)) {
    file.problems.report(placeIn(file, path), `${found(given)}, expected true, false or a mapping`);
    return 'refused';
  }
  const read = readSection(file, loginsSchema, given, path);
  if (read === null) return 'refused';
  return statusesOverlap(file, read, path) ? 'refused' : read;
}

function statusesOverlap(file: OpenFile, logins: LoginRecognition, path: Path): boolean {
  const results = ['success', 'failure', 'blocked'] as const;
  const resultOf = new Map<number, (typeof results)[number]>();
  let overlap = false;
  for (const result of results)
    for (const status of new Set(logins[result])) {
      const before = resultOf.get(status);
      resultOf.set(status, before ?? result);
      if (before === undefined) continue;
      overlap = true;
      file.problems.report(
        placeIn(file, [...path, result]),
        `${found(status)}, which ${before} has too, expected it in one of them (see the defaults)`,
      );
    }
  return overlap;
}
