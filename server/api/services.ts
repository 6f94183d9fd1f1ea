import type { Ledger } from '../../shared/api/ledger.ts';
import type { Frame } from '../../shared/live/frame.ts';
import type { Party } from '../../shared/party.ts';
import type { AccountBook } from '../accounts/account-book.ts';
import type { AlertBook } from '../alerts/alert-book.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import type { Auth } from '../auth/auth.ts';
import type { Oidc } from '../auth/oidc/oidc.ts';
import type { LedgerQuery } from '../coverage/balance.ts';
import type { PersonalViews } from '../personal/view.ts';
import type { Edge } from '../edge/edge.ts';
import type { LogLevel } from '../log.ts';
import type { EventStore } from '../store/events/event-store.ts';

/** A line for the server's own log; no secret and no whole message is ever in it. */
export interface LogEntry {
  readonly level: LogLevel;
  /** `noun:past`, such as `session:begun`. */
  readonly event: string;
  readonly user?: string | undefined;
  readonly address?: string | undefined;
  readonly detail?: string | undefined;
}

export type Log = (entry: LogEntry) => void;

/** What the routes work with. */
export interface Services {
  readonly auth: Auth;
  /** `null` when none is configured. */
  readonly oidc: Oidc | null;
  /** Whether a text is the address of a screen, and nothing else. */
  readonly isScreenPath: (text: string) => boolean;
  readonly audit: AuditLog;
  /** Reads the log and tells how it stands; limits notes that somebody could make without end. */
  readonly trail: Pick<AuditTrail, 'list' | 'head' | 'state' | 'notes'>;
  /** Limits, what became of them, and whose request is whose. */
  readonly edge: Edge;
  readonly alerts: AlertBook;
  readonly accounts: AccountBook;
  readonly events: EventStore;
  /** How addresses and account names are shown to whom. */
  readonly personal: PersonalViews;
  readonly parties: readonly Party[];
  /** The books held against the event store, for minutes of arrival. */
  readonly ledger: (query: LedgerQuery) => Promise<Ledger>;
  /** The newest frame; `null` in the first second of a new server. */
  readonly newestFrame: () => Frame | null;
  /** Whether all parts have started and none is failing. */
  readonly ready: () => boolean;
  /** Epoch ms. */
  readonly now: () => number;
  readonly log: Log;
}
