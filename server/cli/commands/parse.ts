import { eventFields, fieldNames, type SiagaEvent } from '../../../shared/event/fields.ts';
import type { SourceFormat } from '../../config/configuration.ts';
import { createLineParser, type LineParser } from '../../ingest/parsers/line-parser.ts';
import { eachLine } from '../../pipeline/lines.ts';
import { readLine } from '../../pipeline/read-line.ts';
import { readArguments } from '../arguments.ts';
import { exitCodes, type Command } from '../command.ts';
import { formatOf, formatWords } from '../format-option.ts';
import { jsonLine } from '../json-line.ts';
import { findLogFiles, reasonOf, wholeLines, type LogFile } from '../log-files.ts';
import { startProgress } from '../progress.ts';
import { visible } from '../../log.ts';

const help = `Usage: siaga parse FILE... [options]

Prints each line of the files as an event: one JSON object a line, with the field names of docs/events.md. - is standard
input; what is compressed by gzip is inflated. Nothing is stored, enriched or judged.

  --format FORMAT  ${formatWords} (default auto)
  --help           show this

Fields that the line doesn't say are left out. Times are ISO 8601, UTC. Beside what the line says an event has
event.original (the line), event.sequence (1 for the first line), siaga.source (the file) and log.offset (where the line
begins, in bytes). A line that no parser understands is printed too: event.kind is pipeline_error, error.message says what was
expected. Of a line that is no valid UTF-8 each character stands for one byte, and "siaga.line.encoding" is "latin1". Empty
lines are no lines.

Exit code: 0 all was read, 1 a file could not be read to its end, 2 a file is missing or the call is wrong; then nothing is printed.
`;

const pieceBytes = 262_144;

/** `siaga parse`: lines in, events out. */
export const parse: Command = {
  name: 'parse',
  summary: 'print the lines of files as events, one JSON object a line',
  help,
  run: async (args, io) => {
    const given = readArguments(args, { format: { type: 'string' } });
    const format = formatOf(given.one('format')) ?? 'auto';
    const files = await findLogFiles(given.positionals, io);
    const progress = startProgress(
      io,
      io.stdout.isTerminal ? 0 : files.reduce((sum, { size }) => sum + size, 0),
    );
    const print = createPrinter(format, io.now);
    let code: number = exitCodes.ok;
    for (const file of files) {
      try {
        for await (const text of print(file, progress.add)) await io.stdout.write(text);
      } catch (error) {
        code = exitCodes.no;
        await io.stderr.write(`siaga parse: ${visible(file.name)}: ${reasonOf(error)}\n`);
      }
    }
    progress.stop();
    return code;
  },
};

/** Numbers lines on from file to file. */
function createPrinter(format: SourceFormat, now: () => number) {
  let sequence = 0;
  return async function* print(file: LogFile, onRead: (bytes: number) => void): AsyncGenerator<string> {
    const parseLine: LineParser = createLineParser(format);
    let begin = 0;
    for await (const piece of wholeLines(file, { pieceBytes, onRead })) {
      let text = '';
      eachLine(piece, (line, offset, form) => {
        const event = readLine(parseLine, line, form, now());
        sequence += 1;
        event['event.sequence'] = sequence;
        event['siaga.source'] = file.name;
        event['log.offset'] = begin + offset;
        text += jsonLine(said(event, form.bytes));
      });
      begin += piece.length;
      yield text;
    }
  };
}

/** What the event says, times as ISO 8601; `bytes`: each character of the line stands for one byte. */
function said(event: SiagaEvent, bytes: boolean): Record<string, string | number> {
  const record: Record<string, string | number> = {};
  for (const name of fieldNames) {
    const value = event[name];
    if (value === null) continue;
    if (eventFields[name].type !== 'time') record[name] = value;
    else if (value !== 0) record[name] = new Date(value).toISOString();
  }
  if (bytes) record['siaga.line.encoding'] = 'latin1';
  return record;
}
