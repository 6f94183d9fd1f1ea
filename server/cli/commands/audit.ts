import { join, resolve } from 'node:path';
import type { AuditEntry } from '../../../shared/api/audit.ts';
import { auditOutcomes } from '../../../shared/api/audit.ts';
import { listAudit, type AuditQuery } from '../../audit/audit-list.ts';
import { readHeadFiles } from '../../audit/head-file.ts';
import { readHeads } from '../../audit/read-heads.ts';
import { verifyAudit, type BreakReason, type Verdict } from '../../audit/verify-audit.ts';
import { found } from '../../config/problem.ts';
import { visible } from '../../log.ts';
import { openStateToRead } from '../../store/state/read-only.ts';
import type { StateDb } from '../../store/state/state-store.ts';
import { readArguments, UsageProblem, type Arguments } from '../arguments.ts';
import { exitCodes, type Command, type CommandIo } from '../command.ts';
import { jsonLine } from '../json-line.ts';
import { table } from '../table.ts';
import { timeOption, timeWords } from '../time-option.ts';
import { configurationOf, controlHelp, controlOptions } from '../use-control.ts';

const defaultLimit = 100;
const maxLimit = 100_000;
const pageRows = 500;

const help = `Usage: siaga audit verify [options]
       siaga audit list [options]

verify   Walks the whole audit log and names the first row that is not as it was written. The log is held against the head that the
         data folder keeps, and against heads that were sent elsewhere: only those show that its end was cut off or that it was
         written anew by somebody who could write everything here.
list     Prints what was done, newest first.

Both open the state store to read only, also beside a running server, and believe nothing that the server says.

Options of verify:
  --heads FILE     heads as they were sent out, one JSON object with seq and hash a line
Options of list:
  --from TIME      no act before it
  --to TIME        none at or after it
  --actor NAME     of one actor only
  --action NAME    one kind of act only, such as alert:closed
  --outcome WORD   done or refused
  --agency ID      of one agency only
  --limit NUMBER   so many acts at most (default: ${defaultLimit})
Options of both:
  --json           print JSON: verify one object, list one object a line
${controlHelp}
  --help           show this

TIME is ${timeWords}.

Exit code: 0 unbroken or listed, 1 broken or it could not be read, 2 the call is wrong.
`;

const specs = {
  heads: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  actor: { type: 'string' },
  action: { type: 'string' },
  outcome: { type: 'string' },
  agency: { type: 'string' },
  limit: { type: 'string' },
  json: { type: 'boolean' },
  ...controlOptions,
} as const;
type Given = Arguments<typeof specs>;

const ofList = ['from', 'to', 'actor', 'action', 'outcome', 'agency', 'limit'] as const;

/** `siaga audit`: what was done by whom, and whether the log of it is whole. */
export const audit: Command = {
  name: 'audit',
  summary: 'check or list the audit log',
  help,
  run: async (args, io) => {
    const given = readArguments(args, specs);
    const [verb, extra] = given.positionals;
    if (extra !== undefined) throw new UsageProblem(`${found(extra)}, expected an option`);
    if (verb !== 'verify' && verb !== 'list')
      throw new UsageProblem(`${found(verb)}, expected verify or list`);
    const wrong = (verb === 'verify' ? ofList : (['heads'] as const)).find((name) => given.has(name));
    if (wrong !== undefined) throw new UsageProblem(`--${wrong}: no option of ${verb}`);
    const query = queryOf(given, io.now());
    const { dataDir } = configurationOf(
      { data: given.one('data'), config: given.one('config'), mayCreate: false },
      io,
    );
    try {
      const store = openStateToRead({ file: join(dataDir, 'state.sqlite') });
      try {
        return await (verb === 'verify'
          ? verify(store.db, dataDir, given, io)
          : list(store.db, query, given, io));
      } finally {
        await store.close();
      }
    } catch (error) {
      await io.stderr.write(
        `siaga audit: ${visible(error instanceof Error ? error.message : String(error))}\n`,
      );
      return exitCodes.no;
    }
  },
};

async function verify(db: StateDb, dataDir: string, given: Given, io: CommandIo): Promise<number> {
  const file = given.one('heads');
  const own = readHeadFiles(dataDir);
  const told = file === null ? [] : await readHeads(resolve(io.cwd, file));
  const verdict = await verifyAudit(db, { heads: [...own, ...told] });
  const text = given.has('json') ? jsonLine(verdict) : `${sentence(verdict, own.length, told.length)}\n`;
  await io.stdout.write(text);
  return verdict.ok ? exitCodes.ok : exitCodes.no;
}

const reasons: Readonly<Record<BreakReason, string>> = {
  changed: 'it is not as it was written',
  moved: 'it is another row of this log, moved here',
  missing: 'it is missing, and later ones are there',
  cut: 'it and all after it are missing: the end was cut off',
  rebuilt: 'its hash is not the one that was kept: the log was written anew',
};

function sentence(verdict: Verdict, own: number, told: number): string {
  if (!verdict.ok) return `BROKEN at row ${verdict.brokenAt}: ${reasons[verdict.reason]}.`;
  const against =
    own + told === 0
      ? 'no head is known that it could be held against'
      : `${own} heads of the data folder and ${told} given ones agree`;
  return `Unbroken: ${verdict.rows} rows, newest hash ${verdict.hash}; ${against}.`;
}

function queryOf(given: Given, now: number): AuditQuery {
  const time = (name: 'from' | 'to'): number | undefined => {
    const text = given.one(name);
    return text === null ? undefined : timeOption(name, text, now);
  };
  const outcome = given.one('outcome');
  const known = auditOutcomes.find((each) => each === outcome);
  if (outcome !== null && known === undefined)
    throw new UsageProblem(`--outcome: ${found(outcome)}, expected done or refused`);
  return {
    from: time('from'),
    to: time('to'),
    actor: given.one('actor') ?? undefined,
    action: given.one('action') ?? undefined,
    outcome: known,
    agency: given.one('agency') ?? undefined,
    limit: limitOf(given.one('limit')),
  };
}

function limitOf(text: string | null): number {
  if (text === null) return defaultLimit;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= maxLimit) return limit;
  throw new UsageProblem(`--limit: ${found(text)}, expected a number from 1 to ${maxLimit}`);
}

const heads = ['row', 'time', 'actor', 'agency', 'via', 'action', 'outcome', 'target', 'address', 'detail'];

async function list(db: StateDb, query: AuditQuery, given: Given, { stdout }: CommandIo): Promise<number> {
  let left = query.limit;
  let before: number | null | undefined;
  let isFirst = true;
  while (left > 0 && before !== null) {
    const page = await listAudit(db, { ...query, before, limit: Math.min(left, pageRows) });
    before = page.next;
    left -= page.entries.length;
    if (given.has('json')) for (const entry of page.entries) await stdout.write(jsonLine(entry));
    else if (page.entries.length > 0 || isFirst) await stdout.write(printed(page.entries));
    isFirst = false;
  }
  return exitCodes.ok;
}

function printed(entries: readonly AuditEntry[]): string {
  const rows = entries.map(({ seq, at, actor, agency, via, action, outcome, target, address, detail }) => [
    String(seq),
    new Date(at).toISOString(),
    actor,
    agency,
    via,
    action,
    outcome,
    target,
    address,
    Object.keys(detail).length === 0 ? '' : JSON.stringify(detail),
  ]);
  return table([heads, ...rows]);
}
