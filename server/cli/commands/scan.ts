import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createEngine } from '../../detect/engine.ts';
import { loadRules, shippedRulesDir } from '../../detect/load-rules.ts';
import { openAddressLookup } from '../../enrich/address-lookup.ts';
import { visible } from '../../log.ts';
import { readArguments, UsageProblem } from '../arguments.ts';
import { exitCodes, type Command, type CommandIo } from '../command.ts';
import { formatOf, formatWords } from '../format-option.ts';
import { findLogFiles, reasonOf, type LogFile } from '../log-files.ts';
import { startProgress } from '../progress.ts';
import { createJsonReport, createTableReport } from '../scan/report.ts';
import { readScanSettings, type ScanSettings } from '../scan/scan-settings.ts';
import { scan as scanFiles } from '../scan/scanner.ts';
import { printed } from './rules.ts';

const help = `Usage: siaga scan FILE... [options]

Parses, enriches and judges the lines of the files and prints what the rules find; nothing is stored. - is standard input; what
is compressed by gzip is inflated. Several files are merged by event time, so give all logs of one time together.

  --rules DIR      a folder of Sigma rules beside the shipped ones; may be repeated
  --json           print JSON, one object a line
  --format FORMAT  ${formatWords} (default auto)
  --parties FILE   register of the parties (.csv, .yaml)
  --config FILE    take parties, rules, geo, trusted proxies and logins from this configuration; a file that it names as a
                   source is read as that source would be
  --help           show this

With --json each detection is {"id", "rule": {"id", "title", "level", "tags"}, "key": {<ECS field>: value}, "first", "last",
"count"}, with its final figures, and the last line is {"summary": {"lines", "events", "rejected", "detections", "seconds"}}.
Times are ISO 8601, UTC. A line is rejected when no parser understands it. A detection is printed once nothing can add to it: some
hours of event time after its last event, or at the end.

Events count as arrived when they happened, so that history is judged as if it were live. Lines may be out of order by two
minutes, as in a live run.

Exit code: 0 all was read, whatever was found; 1 a file could not be read to its end; 2 a file or folder is missing, the
configuration is not valid or the call is wrong; then nothing is read. A refused rule is named on standard error, and the others
judge.
`;

/** `siaga scan`: files in, detections out. */
export const scan: Command = {
  name: 'scan',
  summary: 'judge the lines of files by the rules, and store nothing',
  help,
  run: async (args, io) => {
    const given = readArguments(args, {
      rules: { type: 'string', multiple: true },
      json: { type: 'boolean' },
      format: { type: 'string' },
      parties: { type: 'string' },
      config: { type: 'string' },
    });
    const ruleDirs = given.all('rules');
    const settings = readScanSettings(
      {
        config: given.one('config'),
        parties: given.one('parties'),
        format: formatOf(given.one('format')),
        ruleDirs,
      },
      io,
    );
    for (const dir of ruleDirs) await mustBeFolder(dir, io.cwd);
    const files = await findLogFiles(given.positionals, io);
    return run({ files, settings, json: given.has('json') }, io);
  },
};

async function mustBeFolder(dir: string, cwd: string): Promise<void> {
  const isFolder = await stat(resolve(cwd, dir)).then(
    (stats) => stats.isDirectory(),
    (error: unknown) => {
      throw new UsageProblem(`--rules: ${dir}: ${reasonOf(error)}`);
    },
  );
  if (!isFolder) throw new UsageProblem(`--rules: ${dir}: found a file, expected a folder`);
}

interface ScanCall {
  readonly files: readonly LogFile[];
  readonly settings: ScanSettings;
  readonly json: boolean;
}

async function run({ files, settings, json }: ScanCall, io: CommandIo): Promise<number> {
  const started = performance.now();
  const complain = (text: string): Promise<void> => io.stderr.write(`siaga scan: ${visible(text)}\n`);
  const { rules, problems } = loadRules([shippedRulesDir, ...settings.ruleDirs], settings);
  for (const problem of problems) await complain(printed(problem));
  if (settings.parties.length === 0)
    await complain('no register of parties: every party counts as unknown; give --parties FILE');
  const engine = createEngine({ rules });
  const report = (json ? createJsonReport : createTableReport)(io.stdout, engine.rules);
  const progress = startProgress(
    io,
    files.reduce((sum, { size }) => sum + size, 0),
  );
  let code: number = exitCodes.ok;
  await report.begin();
  const summary = await scanFiles({
    files,
    settings,
    engine,
    lookUp: openAddressLookup(settings.geo),
    now: io.now(),
    onRead: progress.add,
    onEnded: (detections) => {
      progress.hide();
      return report.detections(detections);
    },
    onFailure: async (file, reason) => {
      code = exitCodes.no;
      progress.hide();
      await complain(`${file.name}: ${reason}`);
    },
  });
  progress.stop();
  await report.end(summary, Math.round(performance.now() - started) / 1_000);
  return code;
}
