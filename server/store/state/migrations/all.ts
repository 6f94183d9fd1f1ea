import type { Migration } from 'kysely';
import { first } from './0001-first.ts';
import { alertParties } from './0002-alert-parties.ts';
import { ledger } from './0003-ledger.ts';
import { accountLife } from './0004-account-life.ts';
import { authority } from './0005-authority.ts';
import { providerSessions } from './0006-provider-sessions.ts';

/** Every migration by its name, run in the order of the names; one that was released never changes. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-first': first,
  '0002-alert-parties': alertParties,
  '0003-ledger': ledger,
  '0004-account-life': accountLife,
  '0005-authority': authority,
  '0006-provider-sessions': providerSessions,
};
