import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createAccountBook, type AccountBook } from './accounts/account-book.ts';
import { createAlertBook, type AlertBook } from './alerts/alert-book.ts';
import type { Log } from './api/services.ts';
import { createAuditLog, type AuditLog } from './audit/audit-log.ts';
import { createAuth, type Auth } from './auth/auth.ts';
import { createOidc, type Oidc } from './auth/oidc/oidc.ts';
import { withOidcLog } from './auth/oidc/oidc-log.ts';
import { partyWords } from './auth/context-words.ts';
import { readOrCreateSecretKey } from './auth/secret-key.ts';
import type { Configuration } from './config/configuration.ts';
import { loadRules, shippedRulesDir, type LoadedRules } from './detect/load-rules.ts';
import { createPseudonyms } from './personal/pseudonyms.ts';
import { createPersonalViews, type PersonalViews } from './personal/view.ts';
import { createEdge, type Edge } from './edge/edge.ts';
import { watchLoad } from './edge/load-watch.ts';
import { createRecentFrames, heldFrames, type RecentFrames } from './live/recent-frames.ts';
import { openEmbeddedEventStore } from './store/events/clickhouse-event-store.ts';
import type { SearchLimits } from './store/events/search-limit.ts';
import type { EventStore } from './store/events/event-store.ts';
import { openStateStore, type StateDb } from './store/state/state-store.ts';

/** The stores and what is kept in them; nothing here listens or ticks. */
export interface Core {
  readonly db: StateDb;
  readonly events: EventStore;
  readonly rules: LoadedRules['rules'];
  readonly ruleDirs: readonly string[];
  readonly accounts: AccountBook;
  readonly alerts: AlertBook;
  readonly auth: Auth;
  /** `null` when none is configured. */
  readonly oidc: Oidc | null;
  readonly audit: AuditLog;
  readonly personal: PersonalViews;
  readonly edge: Edge;
  readonly recent: RecentFrames;
  /** Newest `event.sequence` and frame `seq` stored. */
  readonly newest: { readonly sequence: number; readonly frame: number };
}

export interface CoreParts {
  readonly configuration: Configuration;
  readonly now: () => number;
  readonly log: Log;
  /** Takes what closes each store, in the order of opening. */
  readonly onStop: (close: () => Promise<void>) => void;
}

/** Opens the stores under the data folder, brings them to the newest schema and loads what is kept in memory. */
export async function openCore({ configuration, now, log, onStop }: CoreParts): Promise<Core> {
  const { dataDir, parties, registeredAccounts, server, agencies, mode } = configuration;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const events = await openEvents(join(dataDir, 'events'), configuration.limits);
  onStop(() => events.close());
  const state = await openStateStore({ file: join(dataDir, 'state.sqlite') });
  onStop(() => state.close());
  const { db } = state;

  const ruleDirs = [shippedRulesDir, ...configuration.ruleDirs];
  const { rules, problems } = loadRules(ruleDirs, configuration);
  for (const { file, line, column, message } of problems) {
    log({ level: 'warn', event: 'rule:refused', detail: `${file}:${line ?? 0}:${column ?? 0}: ${message}` });
  }
  const infos = new Map(rules.map(({ info }) => [info.id, info]));
  const onFault = (error: unknown): void =>
    log({ level: 'error', event: 'auth:failed', detail: String(error) });
  const secretKey = readOrCreateSecretKey(dataDir);
  const auth = await createAuth({
    db,
    now,
    random: randomBytes,
    secureCookies: server.secureCookies,
    rules: { agencies, secondFactor: mode === 'production', contextWords: partyWords(parties) },
    limits: configuration.sessions,
    secretKey,
    onFault,
  });
  return {
    db,
    events,
    rules,
    ruleDirs,
    accounts: await createAccountBook({ db, parties, registeredAccounts, now }),
    alerts: createAlertBook({ db, ruleOf: (id) => infos.get(id), now, newId: randomUUID }),
    auth,
    oidc: openOidc({ configuration, now, log }, auth),
    audit: createAuditLog({
      db,
      now,
      onFault: (error) => log({ level: 'error', event: 'audit:failed', detail: String(error) }),
    }),
    personal: createPersonalViews(createPseudonyms(secretKey), parties),
    edge: openEdge({ configuration, now, log, onStop }),
    recent: createRecentFrames(await events.frames(now() - heldFrames * 1_000, now())),
    newest: await events.newest(),
  };
}

function openOidc({ configuration, now, log }: Omit<CoreParts, 'onStop'>, auth: Auth): Oidc | null {
  const { oidc, agencies, server } = configuration;
  if (oidc === null) return null;
  const signIn = createOidc({
    configuration: oidc,
    ownAgency: agencies[0]?.id ?? '',
    auth,
    now,
    random: randomBytes,
    secureCookies: server.secureCookies,
    onFault: (detail) => log({ level: 'warn', event: 'oidc:failed', detail }),
  });
  return withOidcLog(signIn, { log, now });
}

function openEdge({ configuration, now, log, onStop }: CoreParts): Edge {
  const load = watchLoad();
  onStop(async () => load.stop());
  const { limits, server } = configuration;
  return createEdge({ limits, trustedProxies: server.trustedProxies, delayMs: load.delayMs, now, log });
}

async function openEvents(folder: string, limits: SearchLimits): Promise<EventStore> {
  try {
    return await openEmbeddedEventStore(folder, limits);
  } catch (error) {
    if (!String(error).includes('Failed to create connection')) throw error;
    throw new Error(
      `${folder} could not be opened: most often another Siaga runs on it; stop that one, or give this one a data folder of its own`,
      { cause: error },
    );
  }
}
