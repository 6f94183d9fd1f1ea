import type { Ledger, LedgerMinute, LedgerSource } from '../../../shared/api/ledger.ts';
import { readArguments, UsageProblem } from '../arguments.ts';
import { exitCodes, type Command, type CommandIo } from '../command.ts';
import { found } from '../../config/problem.ts';
import { jsonLine } from '../json-line.ts';
import { table } from '../table.ts';
import { timeOption, timeWords } from '../time-option.ts';
import { controlHelp, controlOptions, configurationOf, useControl } from '../use-control.ts';

const dayMs = 86_400_000;
/** Rejections that are printed, the newest. */
const maxPrinted = 20;

const help = `Usage: siaga ledger [options]

Holds the books against the event store: for each source what was received, and what became of it. It asks the running server of
the data folder, or opens the stores itself where none runs.

  --from TIME      first minute of arrival (default: 24 h before --to)
  --to TIME        end, not included (default: now)
  --source ID      of one source only
  --json           print the object that GET /api/ledger answers
${controlHelp}
  --help           show this

TIME is ${timeWords}.

Exit code: 0 it balances, 1 it does not or could not be asked, 2 the call is wrong.
`;

/** `siaga ledger`: whether every line is accounted for. */
export const ledger: Command = {
  name: 'ledger',
  summary: 'show whether every line received is accounted for',
  help,
  run: async (args, io) => {
    const given = readArguments(args, {
      from: { type: 'string' },
      to: { type: 'string' },
      source: { type: 'string' },
      json: { type: 'boolean' },
      ...controlOptions,
    });
    const [extra] = given.positionals;
    if (extra !== undefined) throw new UsageProblem(`${found(extra)}, expected an option`);
    const range = rangeOf(given.one('from'), given.one('to'), io.now());
    const source = given.one('source') ?? undefined;
    const configuration = configurationOf(
      { data: given.one('data'), config: given.one('config'), mayCreate: false },
      io,
    );
    return useControl('ledger', configuration, io, async (control) => {
      const answer = await control.call('ledger', { ...range, source });
      if (!answer.ok) throw new Error(answer.message);
      await (given.has('json') ? io.stdout.write(jsonLine(answer.value)) : print(answer.value, io));
      return answer.value.balanced ? exitCodes.ok : exitCodes.no;
    });
  },
};

function rangeOf(from: string | null, to: string | null, now: number): { from: number; to: number } {
  const end = to === null ? now : timeOption('to', to, now);
  const start = from === null ? Math.max(0, end - dayMs) : timeOption('from', from, now);
  if (start < end) return { from: start, to: end };
  throw new UsageProblem(`--from: found ${iso(start)}, expected a time before ${iso(end)}`);
}

const iso = (time: number): string => new Date(time).toISOString().replace(/:00\.000Z$/, 'Z');

async function print(answer: Ledger, { stdout }: CommandIo): Promise<void> {
  const { from, to, since, sources, differences, rejections } = answer;
  await stdout.write(`Lines that arrived from ${iso(from)} to ${iso(to)}\n\n`);
  if (sources.length > 0) await stdout.write(`${table(sourceRows(sources))}\n`);
  if (differences.length > 0) await stdout.write(`Minutes that differ:\n${table(minuteRows(differences))}\n`);
  if (rejections.length > 0) {
    const shown = rejections.slice(0, maxPrinted);
    const rows = shown.map(({ at, source, lines, reason, sample }) => [
      new Date(at).toISOString(),
      source,
      String(lines),
      reason,
      sample,
    ]);
    const heads = ['rejected at', 'source', 'lines', 'reason', 'sample'];
    await stdout.write(`${table([heads, ...rows])}\n`);
  }
  if (since > from) await stdout.write(`The books begin at ${new Date(since).toISOString()}.\n`);
  await stdout.write(`${sentence(answer)}\n`);
}

const sourceHeads = ['source', 'received', 'stored', 'unparsed', 'rejected', 'late', 'duplicate', 'pending'];

function sourceRows(sources: readonly LedgerSource[]): string[][] {
  const rows = sources.map((each) => {
    const { received, stored, unparsed, rejected, late, duplicate, pending, inStore } = each;
    const counts = [received, stored, unparsed, rejected, late, duplicate, pending, inStore];
    return [each.source, ...counts.map(String), each.balanced ? '✓' : `✗ ${differenceOf(each)}`];
  });
  return [[...sourceHeads, 'in store', 'balance'], ...rows];
}

/** What is missing or too much: in the books, and in the store. */
function differenceOf({ received, stored, rejected, pending, inStore }: LedgerSource): string {
  const books = stored + rejected + pending - received;
  const store = inStore - stored;
  const parts = [
    ...(books === 0 ? [] : [`books ${signed(books)}`]),
    ...(store === 0 ? [] : [`store ${signed(store)}`]),
  ];
  return parts.join(', ') || 'by minute';
}

const signed = (number: number): string => (number > 0 ? `+${number}` : String(number));

function minuteRows(minutes: readonly LedgerMinute[]): string[][] {
  const rows = minutes.map(({ minute, source, received, stored, rejected, inStore }) => [
    iso(minute),
    source,
    ...[received, stored, rejected, inStore].map(String),
    signed(inStore - stored),
  ]);
  return [['minute', 'source', 'received', 'stored', 'rejected', 'in store', 'difference'], ...rows];
}

/** The proof in one sentence. */
function sentence({ sources, balanced }: Ledger): string {
  const sum = (name: 'received' | 'stored' | 'rejected' | 'pending' | 'inStore'): number =>
    sources.reduce((total, each) => total + each[name], 0);
  const [received, stored, rejected, pending] = [
    sum('received'),
    sum('stored'),
    sum('rejected'),
    sum('pending'),
  ];
  const figures = `${received} received, ${stored} stored + ${rejected} rejected + ${pending} pending; the event store holds ${sum('inStore')}`;
  return balanced ? `It balances: ${figures}.` : `IT DOES NOT BALANCE: ${figures}.`;
}
