import type { Change } from '../store/state/change.ts';
import type { StateDb } from '../store/state/state-store.ts';
import type { AuthRules } from './identity.ts';
import type { Passwords } from './passwords.ts';
import type { Seal } from './seal-key.ts';
import type { SessionLimits } from './session-limits.ts';
import type { Sessions } from './sessions.ts';

/** What the parts of `auth/` share. */
export interface Room {
  readonly db: StateDb;
  readonly now: () => number;
  readonly random: (size: number) => Uint8Array;
  readonly secure: boolean;
  readonly rules: AuthRules;
  readonly limits: SessionLimits;
  /** Of the secrets of second factors. */
  readonly seal: Seal;
  /** Of ID tokens. */
  readonly tokenSeal: Seal;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  /** Runs a change, after those asked for before it: what is written and who hears of it, or nothing. */
  readonly change: <T>(task: (change: Change) => Promise<T>) => Promise<T>;
}
