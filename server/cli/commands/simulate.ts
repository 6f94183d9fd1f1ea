import { placeholderParties } from '../../config/placeholder-parties.ts';
import { found } from '../../config/problem.ts';
import { accessLogLines } from '../../simulate/access-log-lines.ts';
import { createSimulator, maxGapMs } from '../../simulate/simulator.ts';
import { readArguments, UsageProblem } from '../arguments.ts';
import { exitCodes, type Command } from '../command.ts';

const defaultLines = 10_000;
const maxLines = 1_000_000_000;
const defaultStart = '2026-11-23T00:00:00Z';

const help = `Usage: siaga simulate [options]

Prints made-up lines for trying out. The same options give the same lines.

  --lines N        lines to print (default ${defaultLines})
  --seed S         a whole number that everything follows from (default 1)
  --start TIME     when it begins, ISO 8601 (default ${defaultStart})
  --demo           the access log of the demonstration, with its attacks, instead of a plain large one
  --events         the application's events of the demonstration, as ECS JSON
  --help           show this

The plain access log (combined format) has 200 lines a second, some 3 % not found, 2 % logins, a probe in ten thousand.

Exit code: 0 printed, 2 the call is wrong.
`;

/** `siaga simulate`: made-up lines on standard output. */
export const simulate: Command = {
  name: 'simulate',
  summary: 'print a made-up access log or made-up events',
  help,
  run: async (args, io) => {
    const given = readArguments(args, {
      lines: { type: 'string' },
      seed: { type: 'string' },
      start: { type: 'string' },
      demo: { type: 'boolean' },
      events: { type: 'boolean' },
    });
    const [extra] = given.positionals;
    if (extra !== undefined) throw new UsageProblem(`${found(extra)}, expected an option`);
    if (given.has('demo') && given.has('events'))
      throw new UsageProblem('found --demo and --events, expected one of them');
    const options = {
      count: wholeNumber('lines', given.one('lines') ?? String(defaultLines), maxLines),
      seed: wholeNumber('seed', given.one('seed') ?? '1', 2 ** 32 - 1),
      startMs: timeOf(given.one('start') ?? defaultStart),
    };
    const isDemo = given.has('demo') || given.has('events');
    const chunks = isDemo ? demoLines(options, given.has('events')) : accessLogLines(options);
    for await (const chunk of chunks) await io.stdout.write(chunk);
    return exitCodes.ok;
  },
};

interface SimulateOptions {
  readonly count: number;
  readonly seed: number;
  readonly startMs: number;
}

function* demoLines({ count, seed, startMs }: SimulateOptions, events: boolean): Generator<string> {
  const simulator = createSimulator({ seed, parties: placeholderParties, startMs });
  let printed = 0;
  for (let at = startMs; printed < count; at += maxGapMs) {
    const traffic = simulator.tick(at);
    const lines = (events ? traffic.events : traffic.accessLines).slice(0, count - printed);
    printed += lines.length;
    if (lines.length > 0) yield `${lines.join('\n')}\n`;
  }
}

function wholeNumber(option: string, text: string, most: number): number {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (number <= most) return number;
  throw new UsageProblem(`--${option}: ${found(text)}, expected a whole number from 0 to ${most}`);
}

function timeOf(text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}(?:T|$)/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(time)) return time;
  throw new UsageProblem(`--start: ${found(text)}, expected a time like ${defaultStart}`);
}
