import type { Agency } from '../../shared/authority.ts';
import type { Session, User } from '../../shared/api/schemas.ts';
import type { Result } from '../../shared/result.ts';
import type { Role } from '../../shared/role.ts';
import { makeChange, type Witness } from '../store/state/change.ts';
import { createInTurn } from '../store/state/in-turn.ts';
import type { StateDb } from '../store/state/state-store.ts';
import {
  createExternalSignIn,
  type ExternalAct,
  type ExternalCode,
  type ExternalOrigin,
  type ExternalPerson,
  type ExternalSignedIn,
} from './external-sign-in.ts';
import { createApiTokens, type ApiTokens } from './api-tokens.ts';
import { createPasswords } from './passwords.ts';
import type { SignedIn } from './begin-session.ts';
import { createProviderSessions, type ProviderSessions } from './provider-sessions.ts';
import type { AuthRules, Identity, IdentityHeaders } from './identity.ts';
import type { Room } from './room.ts';
import { createSeal } from './seal-key.ts';
import { createSecondFactor, type SecondFactor } from './second-factor.ts';
import { createSessionDesk, type SessionDesk } from './session-desk.ts';
import { defaultSessionLimits, type SessionLimits } from './session-limits.ts';
import { createSessions, type SessionListener, type SessionOrigin, type Sessions } from './sessions.ts';
import { createSignIn, type PasswordCode, type SignInCode } from './sign-in.ts';
import {
  createUserDesk,
  type ChangedUser,
  type FirstAdmin,
  type OneTime,
  type UserChanges,
  type UserCode,
} from './user-desk.ts';
import { createTokenOwners, type TokenOwners } from './token-owners.ts';
import { createTokens } from './tokens.ts';
import { createWalls, type Walls } from './walls.ts';

export type { AuthRules, Identity, IdentityHeaders } from './identity.ts';

/**
 * Who may come in: users, their passwords and their sessions. Whatever changes something takes a witness, which hears of it
 * within the transaction of the change; what is refused changes nothing, and no witness hears of it.
 */
export interface Auth extends SecondFactor, SessionDesk, ProviderSessions {
  /**
   * Who a request's headers belong to: by the cookie of a session, then of a wall, then by an API token; `null` when nobody,
   * when that ended, or when a token comes with a cookie. From memory and cheap: a live connection may ask each second.
   * Asking is no use: see `touch`.
   */
  readonly identify: (headers: IdentityHeaders) => Identity | null;
  /** Notes that the session, wall or token was used just now; of sessions that is what the idle limit counts. */
  readonly touch: (sessionKey: string) => void;
  /** The listener hears of each session, wall and token that ended or lost something, at once; returns what ends it. */
  readonly onSessionEnded: (listener: SessionListener) => () => void;
  /** Ends sessions that expired; to be called now and then. */
  readonly sweep: () => void;
  /** An admin with a one-time password while nobody has ever become admin, else `null`; to be shown at the console only. */
  readonly ensureFirstAdmin: (witness?: Witness<OneTime>) => Promise<FirstAdmin | null>;
  /** Always a new session id; the session that came with the request ends. The same refusal, as late, whatever was wrong. */
  readonly signIn: (
    request: SignInRequest,
    witness?: Witness<SignedIn>,
  ) => Promise<Result<SignedIn, SignInCode>>;
  /**
   * Lets in who a provider has signed in, by a new session: the first time as a new user, later with the role and agency that it
   * tells; when these change, all other sessions of the user end.
   */
  readonly signInExternal: (
    person: ExternalPerson,
    origin: ExternalOrigin,
    witness?: Witness<ExternalAct>,
  ) => Promise<Result<ExternalSignedIn, ExternalCode>>;
  /** Whether a refusal of that address by a limit is to be written down: one a minute is, so that a flood fills no log. */
  readonly isNews: (address: string) => boolean;
  /** Ends the session; returns the `Set-Cookie` that takes the cookie away. */
  readonly signOut: (identity: Identity, witness?: Witness<void>) => Promise<string>;
  /** Sets one's own password; all one's sessions end and a new one begins. */
  readonly changePassword: (
    identity: Identity,
    passwords: { readonly current: string; readonly next: string },
    origin: Pick<SessionOrigin, 'address' | 'userAgent'>,
    witness?: Witness<SignedIn>,
  ) => Promise<Result<SignedIn, PasswordCode>>;
  readonly createUser: (
    user: { readonly name: string; readonly role: Role; readonly agency?: string | undefined },
    witness?: Witness<OneTime>,
  ) => Promise<Result<OneTime, UserCode>>;
  /** Changes role or agency, or disables; the user's sessions end. The last admin stays. */
  readonly updateUser: (
    name: string,
    changes: UserChanges,
    witness?: Witness<ChangedUser>,
  ) => Promise<Result<ChangedUser, UserCode>>;
  /** Takes a second factor away that its user lost; the user's sessions end. */
  readonly resetFactor: (
    name: string,
    witness?: Witness<ChangedUser>,
  ) => Promise<Result<ChangedUser, UserCode>>;
  /** Replaces a forgotten password by a one-time one; the user's sessions end. The last admin's stays. */
  readonly resetPassword: (name: string, witness?: Witness<OneTime>) => Promise<Result<OneTime, UserCode>>;
  /** Agencies whose people may be users. */
  readonly agencies: readonly Agency[];
  readonly listUsers: () => Promise<User[]>;
  /** The user of that name, `null` when there is none. */
  readonly findUser: (name: string) => Promise<User | null>;
  /** A session as the API tells it. */
  readonly sessionOf: (identity: Identity) => Session;
  readonly tokens: Omit<ApiTokens, 'identify' | 'isClaimed'>;
  readonly walls: Omit<Walls, 'identify'>;
}

export interface SignInRequest {
  readonly name: string;
  readonly password: string;
  /** Of the second factor, or a recovery code. */
  readonly code?: string | undefined;
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
  /** When sessions end by themselves; the defaults where it is absent. */
  readonly limits?: SessionLimits;
  /** The installation's secret; see `secret-key.ts`. */
  readonly secretKey: Uint8Array;
  /** Hears of faults that no caller waits for. */
  readonly onFault: (error: unknown) => void;
}

/** Loads the live sessions and stands ready. */
export async function createAuth(parts: AuthParts): Promise<Auth> {
  const { db, now, random, secureCookies: secure, rules, onFault } = parts;
  const { limits = defaultSessionLimits } = parts;
  const seal = createSeal(parts.secretKey, 'totp');
  const tokenSeal = createSeal(parts.secretKey, 'id-token');
  const passwords = await createPasswords();
  const tokens = await createTokens({ db, now, onFault });
  const owners = await createTokenOwners({ db, rules, tokens });
  const sessions = followedBy(
    await createSessions({ db, now, random, secure, rules, limits, onFault }),
    owners,
  );
  const apiTokens = createApiTokens({ db, now, random, tokens, owners });
  const walls = createWalls({ db, now, random, secure, tokens, rules });
  // Changes of users and new sessions follow one another, so that no session begins after its user was disabled.
  const inTurn = createInTurn();
  const change: Room['change'] = (task) => inTurn(() => makeChange(db, task));
  const room: Room = { db, now, random, secure, rules, limits, seal, tokenSeal, passwords, sessions, change };
  const desk = createUserDesk(room);
  const door = createSignIn(room);
  return {
    identify: (headers) =>
      apiTokens.isClaimed(headers)
        ? apiTokens.identify(headers)
        : (sessions.resolve(headers.cookie) ?? walls.identify(headers)),
    touch: (sessionKey) => {
      sessions.touch(sessionKey);
      tokens.touch(sessionKey);
    },
    onSessionEnded: (listener) => {
      const stops = [sessions.onEnded(listener), tokens.onEnded(listener)];
      return () => stops.forEach((stop) => stop());
    },
    sweep: () => {
      sessions.sweep();
      tokens.sweep();
      owners.reloadAll().catch(onFault);
    },
    tokens: apiTokens,
    walls,
    agencies: rules.agencies,
    ...desk,
    ...door,
    ...createExternalSignIn(room),
    ...createSecondFactor(room),
    ...createSessionDesk(room),
    ...createProviderSessions(room),
  };
}

/** Whatever ends or begins sessions of a user may have changed what the user may, and so what their tokens may. */
const followedBy = (sessions: Sessions, owners: TokenOwners): Sessions => ({
  ...sessions,
  begin: async (change, user, origin, provider) => {
    const begun = await sessions.begin(change, user, origin, provider);
    change.afterwards(() => owners.reload(user.name));
    return begun;
  },
  endAllOf: async (change, name, reason) => {
    await sessions.endAllOf(change, name, reason);
    change.afterwards(() => owners.reload(name));
  },
});
