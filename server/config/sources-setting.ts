import { onCommandLine } from './command-line.ts';
import type { SourceConfiguration } from './configuration.ts';
import { maxSources } from './limits.ts';
import { printListenAddress } from './listen-address.ts';
import { found, type Place } from './problem.ts';
import type { SettingContext } from './settings.ts';
import { readWatched, type PlacedSource } from './watched-file.ts';

/** All sources, of the file and of --watch; refused when there is none, or two share an id, a file or a token. */
export function sourcesOf({ line, file, cwd, files, problems }: SettingContext): SourceConfiguration[] {
  const configured = file?.sources ?? [];
  const takenIds = new Set(configured.map(({ source }) => source.id));
  const watched = readWatched({
    watch: line.watch,
    cwd,
    files,
    takenIds,
    problems,
    trustedProxies: file?.trustedProxies ?? [],
  });
  const all: PlacedSource<SourceConfiguration>[] = [...configured, ...watched];
  reportCount(all.length, { line, file, problems });
  const seen = new Set<string>();
  const once = (key: string, place: Place, what: string) => {
    if (seen.has(key)) problems.report(place, what);
    seen.add(key);
  };
  for (const { source, places } of all) {
    once(`id ${source.id}`, places.id, `${found(source.id)} a second time, expected an id of its own`);
    for (const { key, what } of waysOf(source)) once(key, places.way, what);
  }
  const metrics = file?.metricsTokenSha256 ?? null;
  if (file && metrics !== null)
    once(`token ${metrics}`, file.placeOf(['metrics']), 'found the token of a source, expected its own');
  return all.map(({ source }) => source);
}

function reportCount(
  count: number,
  { line, file, problems }: Pick<SettingContext, 'line' | 'file' | 'problems'>,
): void {
  if (file !== null && !file.says('sources') && line.watch.length === 0)
    problems.report(file.placeOf(['sources']), 'found nothing, expected at least one source');
  if (count > maxSources)
    problems.report(onCommandLine('watch'), `found ${count} sources in all, expected at most ${maxSources}`);
}

/** What no two sources may share, and what to say when they do. */
function waysOf(source: SourceConfiguration): { key: string; what: string }[] {
  if (source.kind === 'file')
    return source.paths.map((path) => ({
      key: `path ${path}`,
      what: `${found(path)} a second time, expected each file once`,
    }));
  if (source.kind === 'http')
    return [
      {
        key: `token ${source.tokenSha256}`,
        what: 'found the token of another source, expected its own',
      },
    ];
  const listened = [
    ['udp', source.udp],
    ['tcp', source.tcp],
    ['tcp', source.tls?.listen ?? null],
  ] as const;
  return listened.flatMap(([protocol, listen]) => {
    if (listen === null || listen.port === 0) return [];
    const address = printListenAddress(listen);
    return [
      {
        key: `${protocol} ${address}`,
        what: `${found(address)} a second time, expected each address once`,
      },
    ];
  });
}
