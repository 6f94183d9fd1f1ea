import { userNameSchema, type User } from '../../../shared/api/schemas.ts';
import type { Result } from '../../../shared/result.ts';
import { roles, type Role } from '../../../shared/role.ts';
import { found } from '../../config/problem.ts';
import type { Control } from '../../control/control.ts';
import { visible } from '../../log.ts';
import { readArguments, UsageProblem, type Arguments } from '../arguments.ts';
import { exitCodes, type Command, type CommandIo } from '../command.ts';
import { jsonLine } from '../json-line.ts';
import { table } from '../table.ts';
import { controlHelp, controlOptions, configurationOf, useControl } from '../use-control.ts';

const help = `Usage: siaga user list [--json]
       siaga user add NAME --role ROLE
       siaga user role NAME ROLE
       siaga user disable NAME
       siaga user enable NAME
       siaga user password NAME
       siaga user reset-factor NAME

Lists and changes who may sign in. add and password print a one-time password, once, alone on standard output: its owner sets an
own one at the first sign-in, within 72 hours. reset-factor takes a lost second factor away; the user enrols
another where the role needs one. A change of role, disabling, a new password and reset-factor end the user's sessions and open
screens at once. The last administrator can be neither disabled nor demoted.

  --role ROLE      ${roles.join(', ')}, each may do what those before it may
  --json           print the list as JSON, one object a line
${controlHelp}
  --help           show this

Exit code: 0 done, 1 refused or could not be done, 2 the call is wrong.
`;

const specs = { role: { type: 'string' }, json: { type: 'boolean' }, ...controlOptions } as const;
type Given = Arguments<typeof specs>;

/** What a verb does once the call is understood. */
type Work = (control: Control, io: CommandIo) => Promise<void>;

/** What each verb takes behind it, and what it does; throws `UsageProblem` when the call is wrong. */
const verbs: Readonly<Record<string, { readonly takes: number; work(given: Given): Work }>> = {
  list: { takes: 0, work: (given) => (control, io) => list(control, io, given.has('json')) },
  add: {
    takes: 1,
    work: (given) => {
      const name = nameOf(given.positionals[1]);
      const role = roleOf(given.one('role') ?? '', '--role');
      return async (control, io) => {
        const added = must(await control.call('user:add', { name, role }));
        await printPassword(added.oneTimePassword, `${name} may sign in as ${role}`, io);
      };
    },
  },
  role: {
    takes: 2,
    work: (given) =>
      update(nameOf(given.positionals[1]), { role: roleOf(given.positionals[2] ?? '', 'ROLE') }),
  },
  disable: { takes: 1, work: (given) => update(nameOf(given.positionals[1]), { disabled: true }) },
  enable: { takes: 1, work: (given) => update(nameOf(given.positionals[1]), { disabled: false }) },
  password: {
    takes: 1,
    work: (given) => {
      const name = nameOf(given.positionals[1]);
      return async (control, io) => {
        const reset = must(await control.call('user:password', { name }));
        await printPassword(reset.oneTimePassword, `${name} has a new password`, io);
      };
    },
  },
  'reset-factor': {
    takes: 1,
    work: (given) => {
      const name = nameOf(given.positionals[1]);
      return async (control, io) => {
        must(await control.call('user:reset-factor', { name }));
        await io.stdout.write(`${visible(name)}: no second factor\n`);
      };
    },
  },
};

/** `siaga user`: who may sign in. */
export const user: Command = {
  name: 'user',
  summary: 'list, add, change and disable users',
  help,
  run: async (args, io) => {
    const given = readArguments(args, specs);
    const [verb = ''] = given.positionals;
    const known = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (known === undefined)
      throw new UsageProblem(`${found(verb || null)}, expected one of ${Object.keys(verbs).join(', ')}`);
    const count = given.positionals.length - 1;
    if (count !== known.takes)
      throw new UsageProblem(`${verb}: found ${count} arguments, expected ${known.takes}`);
    if (given.has('role') && verb !== 'add') throw new UsageProblem('--role: expected only with add');
    const work = known.work(given);
    const configuration = configurationOf(
      { data: given.one('data'), config: given.one('config'), mayCreate: verb === 'add' },
      io,
    );
    return useControl('user', configuration, io, async (control) => {
      await work(control, io);
      return exitCodes.ok;
    });
  },
};

function nameOf(text = ''): string {
  const parsed = userNameSchema.safeParse(text);
  if (parsed.success) return text;
  throw new UsageProblem(`NAME: ${found(text)}, ${parsed.error.issues[0]?.message}`);
}

const isRole = (text: string): text is Role => (roles as readonly string[]).includes(text);

function roleOf(text: string, where: string): Role {
  if (isRole(text)) return text;
  throw new UsageProblem(`${where}: ${found(text || null)}, expected one of ${roles.join(', ')}`);
}

/** The value, or an error for the operator. */
function must<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(result.message);
}

function update(name: string, changes: { readonly role?: Role; readonly disabled?: boolean }): Work {
  return async (control, io) => {
    const changed = must(await control.call('user:update', { name, ...changes }));
    await io.stdout.write(`${visible(stateOf(changed))}\n`);
  };
}

const stateOf = ({ name, role, disabled }: User): string => `${name}: ${role}${disabled ? ', disabled' : ''}`;

async function list(control: Control, { stdout }: CommandIo, json: boolean): Promise<void> {
  const { users } = must(await control.call('user:list', {}));
  if (json) {
    for (const each of users) await stdout.write(jsonLine(each));
    return;
  }
  const time = (at: number | null): string => (at === null ? 'never' : new Date(at).toISOString());
  const rows = users.map(({ name, role, disabled, createdAt, lastSignIn }) => [
    name,
    role,
    disabled ? 'disabled' : 'active',
    time(createdAt),
    time(lastSignIn),
  ]);
  await stdout.write(table([['name', 'role', 'state', 'created', 'last sign-in'], ...rows]));
}

/** The password alone on standard output, so that it can be handed on; what it is on standard error. */
async function printPassword(password: string, what: string, io: CommandIo): Promise<void> {
  await io.stderr.write(`${what}; one-time password, good for 72 hours:\n`);
  await io.stdout.write(`${password}\n`);
}
