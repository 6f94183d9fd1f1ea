import * as z from 'zod/mini';
import { registeredAccountSchema, type Party, type RegisteredAccount } from '../../shared/party.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { createProblems, found, type Problems } from './problem.ts';
import { foundIn, isUnprintable, readRows, type Row, type Table } from './table-file.ts';

/** Accounts in one register of accounts. */
export const maxRegisteredAccounts = 10_000;

const columns = ['party', 'user', 'role', 'shared'] as const;
type Column = (typeof columns)[number];

const table: Table<Column> = {
  columns,
  optional: ['role', 'shared'],
  numbers: [],
  item: 'an account',
  list: 'a list of accounts',
};

const expectations: Record<Column, string> = {
  party: 'the id of a party of the register',
  user: 'a user name of 1 to 200 characters',
  role: 'a role of 1 to 80 characters, or nothing',
  shared: 'true or false',
};

/** Words that a spreadsheet may hold for a truth. */
const truths = new Map<unknown, boolean>([
  ['true', true],
  ['yes', true],
  ['ya', true],
  ['false', false],
  ['no', false],
  ['tidak', false],
]);

/**
 * Reads a register of accounts: CSV with a header row, or a YAML list when `fileName` ends in `.yaml` or `.yml`. The columns are
 * party, user and, if wanted, role and shared. Refused are parties that the register doesn't have, accounts that occur twice,
 * a list whose length isn't the number that the party declares, and more than 10,000 accounts. The message has one line a problem.
 */
export function parseAccountRegister(
  text: string,
  fileName: string,
  parties: readonly Party[],
): Result<RegisteredAccount[], 'bad-register'> {
  const problems = createProblems();
  const rows = readRows(table, { text, file: fileName, problems });
  const report = (what: string) => problems.report({ file: fileName, line: null, path: [] }, what);
  if (rows.length > maxRegisteredAccounts) {
    report(`found ${rows.length} accounts, expected at most ${maxRegisteredAccounts}`);
    return fail('bad-register', problems.lines().join('\n'));
  }
  const accounts = judge(rows, { file: fileName, parties, problems });
  if (problems.lines().length === 0) for (const what of wrongCounts(accounts, parties)) report(what);
  const lines = problems.lines();
  if (lines.length > 0) return fail('bad-register', lines.join('\n'));
  if (accounts.length === 0)
    return fail('bad-register', `${fileName}: found no account, expected at least one`);
  return ok(accounts);
}

function judge(
  rows: readonly Row<Column>[],
  { file, parties, problems }: { file: string; parties: readonly Party[]; problems: Problems },
): RegisteredAccount[] {
  const ids = new Set(parties.map(({ id }) => id));
  const seen = new Map<string, number>();
  return rows.flatMap((row) => {
    const report = (column: Column, what: string) =>
      problems.report({ file, line: row.lineOf(column), path: [...row.path, column] }, what);
    const values = {
      ...row.values,
      role: row.values.role ?? null,
      shared: truthOf(row.values.shared),
    };
    const parsed = z.safeParse(registeredAccountSchema, values);
    const isWrong: Record<Column, boolean> = {
      party: typeof values.party !== 'string' || !ids.has(values.party),
      user: hasIssue(parsed, 'user') || isUnprintable(String(values.user)),
      role: hasIssue(parsed, 'role') || (typeof values.role === 'string' && isUnprintable(values.role)),
      shared: hasIssue(parsed, 'shared'),
    };
    const wrong = columns.filter((column) => isWrong[column]);
    for (const column of wrong)
      report(column, `${foundIn(row.values[column])}, expected ${expectations[column]}`);
    if (!parsed.success || wrong.length > 0) return [];
    const account = parsed.data;
    const key = `${account.party}\n${account.user}`;
    const before = seen.get(key);
    if (before !== undefined)
      report('user', `${found(account.user)}, which line ${before} has too, expected it once`);
    seen.set(key, before ?? row.lineOf('user'));
    return [account];
  });
}

const hasIssue = (parsed: z.core.util.SafeParseResult<RegisteredAccount>, column: Column): boolean =>
  parsed.error?.issues.some(({ path }) => path[0] === column) ?? false;

/** A truth, or what stands there, for the schema to refuse. */
function truthOf(cell: unknown): unknown {
  if (cell === undefined) return false;
  return truths.get(typeof cell === 'string' ? cell.toLowerCase() : cell) ?? cell;
}

/** Parties of which as many accounts are listed as they don't declare; those of which none is listed are left undeclared. */
function wrongCounts(accounts: readonly RegisteredAccount[], parties: readonly Party[]): string[] {
  const listed = new Map<string, number>();
  for (const { party } of accounts) listed.set(party, (listed.get(party) ?? 0) + 1);
  return parties.flatMap(({ id, accounts: declared }) => {
    const count = listed.get(id);
    if (declared === undefined || count === undefined || count === declared) return [];
    return [`found ${count} accounts of ${id}, expected ${declared}, as the register of parties declares`];
  });
}
