import type { Session, User } from '../../shared/api/schemas.ts';
import type { Result } from '../../shared/result.ts';
import type { Role } from '../../shared/role.ts';
import { createInTurn } from '../store/state/in-turn.ts';
import type { StateDb } from '../store/state/state-store.ts';
import {
  createExternalSignIn,
  type ExternalCode,
  type ExternalOrigin,
  type ExternalPerson,
  type ExternalSignedIn,
} from './external-sign-in.ts';
import { createPasswords } from './passwords.ts';
import type { AuthRules, Identity, IdentityHeaders } from './identity.ts';
import { createSessions, type SessionListener, type SessionOrigin } from './sessions.ts';
import { createSignIn, type PasswordCode, type SignedIn, type SignInCode } from './sign-in.ts';
import {
  createUserDesk,
  type FirstAdmin,
  type OneTime,
  type UserChanges,
  type UserCode,
} from './user-desk.ts';

export type { AuthRules, Identity, IdentityHeaders } from './identity.ts';

/** Who may come in: users, their passwords and their sessions. */
export interface Auth {
  /**
   * Who a request's headers belong to; `null` when nobody, or when the session ended. From memory and cheap: a live
   * connection may ask each second. Asking is no use: see `touch`.
   */
  readonly identify: (headers: IdentityHeaders) => Identity | null;
  /** Notes that a person used the session just now, which is what the idle limit counts. */
  readonly touch: (sessionKey: string) => void;
  /** The listener hears of each session that ended, at once; returns what ends it. */
  readonly onSessionEnded: (listener: SessionListener) => () => void;
  /** Ends sessions that expired; to be called now and then. */
  readonly sweep: () => void;
  /** An admin with a one-time password while nobody has ever become admin, else `null`; to be shown at the console only. */
  readonly ensureFirstAdmin: () => Promise<FirstAdmin | null>;
  /** Always a new session id; the session that came with the request ends. The same refusal, as late, whatever was wrong. */
  readonly signIn: (request: SignInRequest) => Promise<Result<SignedIn, SignInCode>>;
  /**
   * Lets in who a provider has signed in, by a new session: the first time as a new user, later with the role and agency that it
   * tells; when these change, all other sessions of the user end.
   */
  readonly signInExternal: (
    person: ExternalPerson,
    origin: ExternalOrigin,
  ) => Promise<Result<ExternalSignedIn, ExternalCode>>;
  /** Ends the session; returns the `Set-Cookie` that takes the cookie away. */
  readonly signOut: (identity: Identity) => Promise<string>;
  /** Sets one's own password; all one's sessions end and a new one begins. */
  readonly changePassword: (
    identity: Identity,
    passwords: { readonly current: string; readonly next: string },
    origin: Pick<SessionOrigin, 'address' | 'userAgent'>,
  ) => Promise<Result<SignedIn, PasswordCode>>;
  readonly createUser: (user: {
    readonly name: string;
    readonly role: Role;
    readonly agency?: string | undefined;
  }) => Promise<Result<OneTime, UserCode>>;
  /** Changes role or agency, or disables; the user's sessions end. The last admin stays. */
  readonly updateUser: (name: string, changes: UserChanges) => Promise<Result<User, UserCode>>;
  /** Replaces a forgotten password by a one-time one; the user's sessions end. The last admin's stays. */
  readonly resetPassword: (name: string) => Promise<Result<OneTime, UserCode>>;
  readonly listUsers: () => Promise<User[]>;
  /** A session as the API tells it. */
  readonly sessionOf: (identity: Identity) => Session;
}

export interface SignInRequest {
  readonly name: string;
  readonly password: string;
  /** Address of the client, for the limits. */
  readonly address: string;
  readonly userAgent: string;
  readonly cookieHeader: string | undefined;
}

export interface AuthParts {
  readonly db: StateDb;
  readonly now: () => number;
  /** Cryptographically random bytes. */
  readonly random: (size: number) => Uint8Array;
  readonly secureCookies: boolean;
  readonly rules: AuthRules;
  /** Hears of faults that no caller waits for. */
  readonly onFault: (error: unknown) => void;
}

/** Loads the live sessions and stands ready. */
export async function createAuth(parts: AuthParts): Promise<Auth> {
  const { db, now, random, secureCookies: secure, rules, onFault } = parts;
  const passwords = await createPasswords();
  const sessions = await createSessions({ db, now, random, secure, rules, onFault });
  // Changes of users and new sessions follow one another, so that no session begins after its user was disabled.
  const room = { db, now, random, secure, rules, passwords, sessions, inTurn: createInTurn() };
  const desk = createUserDesk(room);
  const door = createSignIn(room);
  return {
    identify: ({ cookie }) => sessions.resolve(cookie),
    touch: sessions.touch,
    onSessionEnded: sessions.onEnded,
    sweep: sessions.sweep,
    ...desk,
    ...door,
    ...createExternalSignIn(room),
  };
}
