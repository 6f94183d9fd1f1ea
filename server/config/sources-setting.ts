import { onCommandLine } from './command-line.ts';
import type { SourceConfiguration } from './configuration.ts';
import { maxSources } from './limits.ts';
import { found, type Place } from './problem.ts';
import type { SettingContext } from './settings.ts';
import { readWatched, type PlacedSource } from './watched-file.ts';

/** All sources, of the file and of --watch; refused when there is none, or two share an id, a file or a token. */
export function sourcesOf({ line, file, cwd, files, problems }: SettingContext): SourceConfiguration[] {
  const configured = file?.sources ?? [];
  const takenIds = new Set(configured.map(({ source }) => source.id));
  const watched = readWatched({ watch: line.watch, cwd, files, takenIds, problems });
  const all: PlacedSource<SourceConfiguration>[] = [...configured, ...watched];
  if (file !== null && !file.says('sources') && line.watch.length === 0)
    problems.report(file.placeOf(['sources']), 'found nothing, expected at least one source');
  if (all.length > maxSources)
    problems.report(
      onCommandLine('watch'),
      `found ${all.length} sources in all, expected at most ${maxSources}`,
    );
  const seen = new Set<string>();
  const once = (key: string, place: Place, what: string) => {
    if (seen.has(key)) problems.report(place, what);
    seen.add(key);
  };
  for (const { source, places } of all) {
    once(`id ${source.id}`, places.id, `${found(source.id)} a second time, expected an id of its own`);
    if (source.kind === 'file')
      for (const path of source.paths)
        once(`path ${path}`, places.way, `${found(path)} a second time, expected each file once`);
    else
      once(`token ${source.tokenSha256}`, places.way, 'found the token of another source, expected its own');
  }
  if (file !== null && file.metricsTokenSha256 !== null) {
    const what = 'found the token of a source, expected its own';
    once(`token ${file.metricsTokenSha256}`, file.placeOf(['metrics']), what);
  }
  return all.map(({ source }) => source);
}
