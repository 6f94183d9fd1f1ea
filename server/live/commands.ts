import { commandPolicies } from '../../shared/live/events.ts';
import type { ClientToServer, Refusal } from '../../shared/live/protocol.ts';
import type { LiveIdentity } from './live-server.ts';

type Name = keyof ClientToServer;
type BodyOf<E extends Name> = Parameters<ClientToServer[E]>[0];
type AnswerOf<E extends Name> = Parameters<Parameters<ClientToServer[E]>[1]>[0];

/** What answers each command; the compiler asks for one a line of the table. */
export type CommandHandlers = {
  readonly [E in Name]: (body: BodyOf<E>) => AnswerOf<E> | Promise<AnswerOf<E>>;
};

export const refuse = (code: string, message: string): Refusal => ({ error: { code, message } });

const isCommand = (name: unknown): name is Name =>
  typeof name === 'string' && Object.hasOwn(commandPolicies, name);

export interface Message {
  /** As it came: nothing of it is known to be what it should be. */
  readonly packet: readonly unknown[];
  /** Who sent it, `null` when nobody any more. */
  readonly identity: LiveIdentity | null;
}

/** Runs the command that a message holds by the table: who may, then what it says; a message that is none is `unknown`. */
export async function runCommand(
  { packet, identity }: Message,
  handlers: CommandHandlers,
  onFailed: (error: unknown) => void,
): Promise<'answered' | 'unknown'> {
  const [name, body, answer] = packet;
  if (!isCommand(name) || typeof answer !== 'function' || packet.length !== 3) return 'unknown';
  const tell = answer as (result: unknown) => void;
  tell(await answerTo(name, { body, identity, handler: handlers[name] as Handler, onFailed }));
  return 'answered';
}

type Handler = (body: unknown) => unknown;

interface Asked {
  readonly body: unknown;
  readonly identity: LiveIdentity | null;
  readonly handler: Handler;
  readonly onFailed: (error: unknown) => void;
}

async function answerTo(name: Name, { body, identity, handler, onFailed }: Asked): Promise<unknown> {
  const policy = commandPolicies[name];
  if (!identity) return refuse('unauthenticated', 'the session ended');
  if (identity.due || !identity.grants[policy.permission])
    return refuse('forbidden', `this takes the permission ${policy.permission}`);
  const parsed = policy.body.safeParse(body);
  if (!parsed.success) return refuse('bad-request', `expected ${policy.expected}`);
  try {
    return await handler(parsed.data);
  } catch (error) {
    onFailed(error);
    return refuse('unavailable', 'it could not be read; try again');
  }
}
