import { found, unknownWord } from '../config/problem.ts';
import { refuse, UsageProblem } from './arguments.ts';
import { exitCodes, type Command, type CommandIo } from './command.ts';
import { commandNames, commands, isCommandName } from './commands.ts';
import { version } from './version.ts';

/**
 * Runs the command that the arguments name and resolves with its exit code. Without one, or where an option comes first,
 * it is `start`; `--help` lists the commands and `--version` says which this is.
 */
export async function dispatch(argv: readonly string[], io: CommandIo): Promise<number> {
  const [first = '', ...rest] = argv;
  if (first === '' || first.startsWith('-')) return withoutCommand(argv, io);
  if (first === 'help') return help(rest[0] ?? '', io);
  if (!isCommandName(first)) return unknownCommand(first, io);
  return runCommand(await commands[first](), rest, io);
}

async function withoutCommand(argv: readonly string[], io: CommandIo): Promise<number> {
  if (asksForHelp(argv)) return help('', io);
  if (argv.includes('--version')) {
    await io.stdout.write(`${version()}\n`);
    return exitCodes.ok;
  }
  return runCommand(await commands.start(), argv, io);
}

async function runCommand(command: Command, args: readonly string[], io: CommandIo): Promise<number> {
  if (asksForHelp(args)) return help(command.name, io);
  try {
    return await command.run(args, io);
  } catch (error) {
    if (!(error instanceof UsageProblem)) throw error;
    return refuse(io, command.name, [...error.problems, `see siaga ${command.name} --help`]);
  }
}

async function help(name: string, io: CommandIo): Promise<number> {
  if (name === '') await io.stdout.write(await overview());
  else if (isCommandName(name)) await io.stdout.write((await commands[name]()).help);
  else return unknownCommand(name, io);
  return exitCodes.ok;
}

/** What `siaga --help` prints. */
export async function overview(): Promise<string> {
  const all: Command[] = await Promise.all(commandNames.map((name) => commands[name]()));
  const width = Math.max(...commandNames.map(({ length }) => length));
  const list = all.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join('\n');
  return `Usage: siaga COMMAND [arguments]

${list}

siaga COMMAND --help says what a command takes. Without a command Siaga starts: siaga --watch FILE is siaga start --watch FILE.

  --help           show this
  --version        show the version

Exit code: 0 done, 1 the answer is no or it failed at work, 2 called or configured wrongly.
`;
}

async function unknownCommand(name: string, io: CommandIo): Promise<number> {
  await io.stderr.write(`siaga: ${found(name)}: ${unknownWord('command', name, commandNames)}\n`);
  return exitCodes.usage;
}

/** Whether `--help` or `-h` is among the options; what stands behind `--` is data. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  const options = end < 0 ? args : args.slice(0, end);
  return options.includes('--help') || options.includes('-h');
}
