import { resolve } from 'node:path';
import type { Configuration } from '../../config/configuration.ts';
import { sourceIdSchema } from '../../config/file-schema.ts';
import { found } from '../../config/problem.ts';
import { createZone } from '../../config/zone.ts';
import type { ImportDone, ImportSettings } from '../../ingest/sources/import-desk.ts';
import { visible } from '../../log.ts';
import { readArguments, UsageProblem } from '../arguments.ts';
import { exitCodes, type Command, type CommandIo } from '../command.ts';
import { formatOf, formatWords } from '../format-option.ts';
import { importFile, sizeInflated } from '../import-file.ts';
import { findLogFiles, reasonOf } from '../log-files.ts';
import { startProgress } from '../progress.ts';
import { controlHelp, controlOptions, configurationOf, useControl } from '../use-control.ts';

const defaultSource = 'import';

const help = `Usage: siaga import FILE... [options]

Stores the lines of the files as history: at the times that they say, marked siaga.history: import, counted in the ledger, and
not judged by rules. Compressed files (gzip) are inflated. It goes through the running server of the data folder, or opens the
stores itself where none runs.

  --source ID      id under which the lines are stored, of no source that is heard live (default import)
  --format FORMAT  ${formatWords} (default auto)
  --zone ZONE      zone of times without an offset, like Asia/Jakarta or +07:00 (default UTC)
${controlHelp}; without a running server it says register, geo and proxies
  --help           show this

Each line is stored once: an import that was broken off, also by a crash, goes on behind what is stored, and of a file that was
imported before, also renamed or compressed, only what was added is stored. A last line without a line feed is a line.

Exit code: 0 all is stored; 1 a file could not be read or stored to its end; 2 a file is missing or the call is wrong; then nothing
is stored.
`;

/** `siaga import`: files into the event store, as history. */
export const importCommand: Command = {
  name: 'import',
  summary: 'store the lines of files as history, each once',
  help,
  run: async (args, io) => {
    const given = readArguments(args, {
      source: { type: 'string' },
      format: { type: 'string' },
      zone: { type: 'string' },
      ...controlOptions,
    });
    const settings = {
      source: sourceOf(given.one('source') ?? defaultSource),
      format: formatOf(given.one('format')) ?? 'auto',
      zone: zoneOf(given.one('zone')),
    };
    if (given.positionals.includes('-'))
      throw new UsageProblem('-: standard input can not be resumed, expected a file');
    const files = await findLogFiles(given.positionals, io);
    const configuration = configurationOf(
      { data: given.one('data'), config: given.one('config'), mayCreate: true },
      io,
    );
    if (configuration.sources.some(({ id }) => id === settings.source))
      throw new UsageProblem(
        `--source: ${found(settings.source)}, expected an id of no source that is heard live`,
      );
    return importAll(
      files.map(({ name }) => name),
      settings,
      configuration,
      io,
    );
  },
};

function sourceOf(text: string): string {
  const parsed = sourceIdSchema.safeParse(text);
  if (parsed.success) return text;
  throw new UsageProblem(`--source: ${found(text)}, expected ${parsed.error.issues[0]?.message}`);
}

function zoneOf(text: string | null): string | undefined {
  if (text === null) return undefined;
  if (createZone(text) !== null) return text;
  throw new UsageProblem(`--zone: ${found(text)}, expected a time zone like Asia/Jakarta or +07:00`);
}

async function importAll(
  names: readonly string[],
  settings: ImportSettings,
  configuration: Configuration,
  io: CommandIo,
): Promise<number> {
  const paths = names.map((name) => resolve(io.cwd, name));
  const sizes = await Promise.all(paths.map(sizeInflated));
  return useControl('import', configuration, io, async (control) => {
    const progress = startProgress(
      io,
      sizes.reduce((sum, size) => sum + size, 0),
    );
    let code: number = exitCodes.ok;
    for (const [index, name] of names.entries()) {
      const path = paths[index] ?? name;
      const started = performance.now();
      const call = { ...settings, path, control, onProgress: progress.add };
      const done = await importFile(call).catch((error: unknown) => ({
        ok: false as const,
        message: reasonOf(error),
      }));
      progress.hide();
      if (done.ok) await io.stdout.write(summary(name, done.value, performance.now() - started));
      else {
        code = exitCodes.no;
        await io.stderr.write(`siaga import: ${visible(`${name}: ${done.message}`)}\n`);
      }
    }
    progress.stop();
    return code;
  });
}

function summary(name: string, done: ImportDone | null, ms: number): string {
  if (done === null) return `${visible(name)}: nothing in it\n`;
  const { stored, unparsed, before } = done;
  const known = before === 0 ? '' : `, ${before} there already`;
  const seconds = ms / 1_000;
  const rate = stored === 0 ? '' : `, ${Math.round(stored / seconds)} lines/s`;
  return `${visible(name)}: ${stored + before} lines: ${stored} stored (${unparsed} unparsed)${known}; ${seconds.toFixed(1)} s${rate}\n`;
}
