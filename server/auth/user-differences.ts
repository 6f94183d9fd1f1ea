import type { User } from '../../shared/api/schemas.ts';
import type { ChangedUser } from './user-desk.ts';

const told = ['role', 'agency', 'disabled', 'secondFactor'] as const satisfies readonly (keyof User)[];

/** What a change changed, for the audit log. */
export function differencesOf({ before, user }: ChangedUser): {
  readonly before: Partial<User>;
  readonly after: Partial<User>;
} {
  const changed = told.filter((key) => before[key] !== user[key]);
  const of = (each: User) => Object.fromEntries(changed.map((key) => [key, each[key]]));
  return { before: of(before), after: of(user) };
}
