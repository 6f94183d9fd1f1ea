import * as z from 'zod/mini';
import { ledgerSchema } from '../../shared/api/ledger.ts';
import {
  createdUserSchema,
  createUserSchema,
  updateUserSchema,
  userListSchema,
  userNameSchema,
  userSchema,
  type User,
} from '../../shared/api/schemas.ts';
import type { AuditAction } from '../../shared/audit-actions.ts';
import { ok, type Result } from '../../shared/result.ts';
import { differencesOf } from '../auth/user-differences.ts';
import { sourceIdSchema } from '../config/file-schema.ts';
import { sourceFormats } from '../config/source-formats.ts';
import { headBytes } from '../ingest/sources/file-identity.ts';
import type { AuditDetail } from '../audit/audit-log.ts';
import type { ChangedUser, OneTime } from '../auth/user-desk.ts';
import type { Witness } from '../store/state/change.ts';
import { call } from './call.ts';
import type { ControlServices } from './services.ts';

const time = z.int().check(z.minimum(0));
const offset = z.int().check(z.minimum(0));
const named = z.strictObject({ name: userNameSchema });
const hash = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const identity = {
  path: z.string().check(z.maxLength(4_096)),
  device: z.number(),
  inode: z.number(),
  headHash: hash,
  headLength: z.int().check(z.minimum(0), z.maximum(headBytes)),
};
const tailSchema = z.strictObject({ hash, length: offset });

const rememberedSchema = z.object({
  ...identity,
  id: z.string(),
  source: z.string(),
  offset,
  tail: z.nullable(tailSchema),
  lastLine: z.nullable(offset),
  finished: z.boolean(),
});

/** What a file says of itself before its pieces come. */
export const importedFileSchema = z.strictObject({
  source: sourceIdSchema,
  format: z.enum(sourceFormats),
  zone: z.optional(z.string().check(z.maxLength(64))),
  ticket: z.string().check(z.maxLength(100)),
  file: z.strictObject({ ...identity, id: z.nullable(z.string().check(z.maxLength(100))) }),
  from: offset,
});

/** What stands before the bytes of a piece. */
export const pieceHeadSchema = z.strictObject({
  offset,
  end: offset,
  length: offset,
  long: z.optional(z.strictObject({ length: offset, sha256: hash })),
  tail: z.optional(tailSchema),
});

/** What a file's import came to. */
export const importDoneSchema = z.object({ stored: z.int(), unparsed: z.int(), before: z.int() });

interface Told<T> {
  readonly action: AuditAction;
  readonly name: string;
  readonly detail?: (done: T) => AuditDetail;
}

/** Makes a change of a user, noted with it, and tells the server's log of it; one that is refused is noted too. */
async function changed<T, C extends string>(
  { log, audit }: ControlServices,
  { action, name, detail }: Told<T>,
  make: (witness: Witness<T>) => Promise<Result<T, C>>,
): Promise<Result<T, C>> {
  const note = {
    actor: 'command line',
    agency: '',
    via: 'command line',
    action,
    target: `user ${name}`,
  } as const;
  const result = await make((transaction, done) =>
    audit.noteWithin(transaction, { ...note, detail: detail?.(done) ?? {} }),
  );
  if (result.ok) log({ level: 'info', event: action, user: 'command line', detail: name });
  else await audit.note({ ...note, outcome: 'refused', detail: { code: result.code } });
  return result;
}

/** Only the user of a change, for the caller. */
const userOf = <C extends string>(result: Result<ChangedUser, C>): Result<User, C> =>
  result.ok ? ok(result.value.user) : result;

/** Every call there is, but for the import of a file, which is a stream. */
export const calls = {
  /** Whether somebody answers. */
  hello: call({ args: z.strictObject({}), answer: z.object({}), handle: () => Promise.resolve(ok({})) }),
  ledger: call({
    args: z.strictObject({ from: time, to: time, source: z.optional(z.string().check(z.maxLength(200))) }),
    answer: ledgerSchema,
    handle: async (query, services) => ok(await services.ledger(query)),
  }),
  'user:list': call({
    args: z.strictObject({}),
    answer: userListSchema,
    handle: async (_args, services) => ok({ users: await services.auth.listUsers() }),
  }),
  'user:add': call({
    args: createUserSchema,
    answer: createdUserSchema,
    handle: async (user, services) =>
      changed(
        services,
        {
          action: 'user:created',
          name: user.name,
          detail: ({ user: { role, agency } }: OneTime) => ({ after: { role, agency } }),
        },
        (witness) => services.auth.createUser(user, witness),
      ),
  }),
  'user:update': call({
    args: z.strictObject({ name: userNameSchema, ...updateUserSchema.shape }),
    answer: userSchema,
    handle: async ({ name, ...changes }, services) =>
      userOf(
        await changed(services, { action: 'user:updated', name, detail: differencesOf }, (witness) =>
          services.auth.updateUser(name, changes, witness),
        ),
      ),
  }),
  'user:password': call({
    args: named,
    answer: createdUserSchema,
    handle: async ({ name }, services) =>
      changed(services, { action: 'password:reset', name }, (witness) =>
        services.auth.resetPassword(name, witness),
      ),
  }),
  'user:reset-factor': call({
    args: named,
    answer: userSchema,
    handle: async ({ name }, services) =>
      userOf(
        await changed(services, { action: 'factor:reset', name, detail: differencesOf }, (witness) =>
          services.auth.resetFactor(name, witness),
        ),
      ),
  }),
  'import:known': call({
    args: z.strictObject({
      source: sourceIdSchema,
      /** The first bytes, base64. */
      head: z.string().check(z.maxLength(2 * headBytes)),
    }),
    answer: z.object({ files: z.array(rememberedSchema), ticket: z.string() }),
    handle: ({ source, head }, services) => services.imports.known(source, Buffer.from(head, 'base64')),
  }),
} as const;

export type CallName = keyof typeof calls;
export type ArgsOf<N extends CallName> = z.input<(typeof calls)[N]['args']>;
export type AnswerOf<N extends CallName> = z.output<(typeof calls)[N]['answer']>;

/** Whether there is a call of that name; safe for hostile names such as `__proto__`. */
export const isCallName = (name: string): name is CallName => Object.hasOwn(calls, name);

/** Judges the arguments and answers; `bad-arguments` when they are not as declared. */
export async function answerCall<N extends CallName>(
  name: N,
  args: unknown,
  services: ControlServices,
): Promise<Result<AnswerOf<N>>> {
  const { args: schema, handle } = calls[name];
  const parsed = z.safeParse(schema as unknown as z.ZodMiniType<never>, args);
  if (!parsed.success)
    return { ok: false, code: 'bad-arguments', message: parsed.error.issues[0]?.message ?? 'bad arguments' };
  return (await handle(parsed.data, services)) as Result<AnswerOf<N>>;
}
