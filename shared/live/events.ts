import type * as z from 'zod/mini';
import type { Permission } from '../authority.ts';
import { frameSchema } from './frame.ts';
import {
  alertChangesSchema,
  resyncAnswerSchema,
  resyncSchema,
  sessionEndedSchema,
  snapshotSchema,
  subscribeSchema,
  type ClientToServer,
  type ServerToClient,
} from './protocol.ts';

/**
 * Every event of the live socket with who may send or hear it and what it holds: the one table that the server serves from.
 * An event of the protocol that is missing here, or a line here that is no event of it, doesn't compile.
 */

type Schema<T> = z.ZodMiniType<T>;
type BodyOf<E extends keyof ClientToServer> = Parameters<ClientToServer[E]>[0];
type AnswerOf<E extends keyof ClientToServer> = Exclude<
  Parameters<Parameters<ClientToServer[E]>[1]>[0],
  { error: unknown }
>;

/** What a client may ask for. */
export interface CommandPolicy<Body, Answer> {
  readonly permission: Permission;
  readonly body: Schema<Body>;
  readonly answer: Schema<Answer>;
  /** What its body should have been, for who sent another. */
  readonly expected: string;
}

/** What the server tells. */
export interface FactPolicy<Body> {
  /** `null`: everybody with a socket. */
  readonly permission: Permission | null;
  readonly body: Schema<Body>;
  /** Whether a slow socket may miss it. */
  readonly volatile: boolean;
}

export const commandPolicies: {
  readonly [E in keyof ClientToServer]: CommandPolicy<BodyOf<E>, AnswerOf<E>>;
} = {
  'live:subscribe': {
    permission: 'live:read',
    body: subscribeSchema,
    answer: snapshotSchema,
    expected: '{frameSeq, alertCursor}, each a whole number or null',
  },
  'frames:resync': {
    permission: 'live:read',
    body: resyncSchema,
    answer: resyncAnswerSchema,
    expected: '{after}, a whole number',
  },
};

export const factPolicies: {
  readonly [E in keyof ServerToClient]: FactPolicy<Parameters<ServerToClient[E]>[0]>;
} = {
  'frame:sent': { permission: 'live:read', body: frameSchema, volatile: true },
  'alerts:changed': { permission: 'alerts:read', body: alertChangesSchema, volatile: false },
  'session:ended': { permission: null, body: sessionEndedSchema, volatile: false },
};

/** Names of all commands. */
export const commandNames = Object.keys(commandPolicies) as (keyof ClientToServer)[];
