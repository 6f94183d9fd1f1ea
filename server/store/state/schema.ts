/**
 * Tables of the state store, as Kysely sees them. Times are epoch milliseconds, truths are 0 or 1, so that SQLite and
 * PostgreSQL hold the same (on PostgreSQL `bigint` must be parsed as a number).
 */
export interface StateDatabase {
  users: UserRow;
  sessions: SessionRow;
  tokens: TokenRow;
  audit: AuditRow;
  audit_head: AuditHeadRow;
  alerts: AlertRow;
  alert_changes: AlertChangeRow;
  detections: DetectionRow;
  accounts: AccountRow;
  account_history: AccountHistoryRow;
  account_failures: AccountFailuresRow;
  unknown_organisations: UnknownOrganisationRow;
  file_positions: FilePositionRow;
  ledger_minutes: LedgerMinuteRow;
  rejections: RejectionRow;
  batches: BatchRow;
  meta: MetaRow;
}

export interface UserRow {
  name: string;
  password_hash: string;
  role: string;
  disabled: number;
  /** 1 while the password is a one-time one. */
  must_change_password: number;
  /** When a one-time password ends; `null` for one's own. */
  password_expires_at: number | null;
  created_at: number;
  last_sign_in: number | null;
  /** Id of an agency of the configuration. */
  agency: string;
  /** Base32; sealed by the key of the data folder. `null` without a second factor. */
  totp_secret: string | null;
  /** When the second factor was proven first; `null` while it is being enrolled. */
  totp_since: number | null;
  /** Newest time step that was used, so that no code is used twice. */
  totp_last_step: number | null;
  /** JSON, SHA-256 of each recovery code that is left. */
  recovery_codes: string | null;
  /** `issuer subject` of a user who signs in elsewhere. */
  external_id: string | null;
  password_changed_at: number | null;
}

export interface SessionRow {
  /** Lower-case hex SHA-256 of the id in the cookie. */
  key: string;
  user_name: string;
  created_at: number;
  last_used_at: number;
  /** Where it was begun from. */
  address: string;
  user_agent: string;
  /** `password`, `totp`, `recovery` or `oidc`; empty in rows that are older. */
  factor: string;
  /** What the provider that began it calls it; empty where none did, or told none. */
  provider_session: string;
  /** The provider's ID token, sealed. */
  id_token: string | null;
}

/** A secret that lets a program or a screen in; none that is a source's, which the configuration holds. */
export interface TokenRow {
  id: string;
  /** `api` or `wall`. */
  kind: string;
  name: string;
  agency: string;
  /** User who made it; an `api` token ends with that user. */
  owner: string;
  /** Lower-case hex SHA-256. */
  secret_hash: string;
  /** The same of the cookie that a wall's token was exchanged for; `null` until then. */
  cookie_hash: string | null;
  /** JSON, list of scopes. */
  scopes: string;
  /** JSON, what a wall is set to. */
  settings: string;
  created_at: number;
  expires_at: number | null;
  used_at: number | null;
  revoked_at: number | null;
}

/** One act, never changed; `hash` binds it to the row before. */
export interface AuditRow {
  seq: number;
  at: number;
  /** User name, `wall NAME`, `token NAME`, `command line`, or what a stranger called himself. */
  actor: string;
  agency: string;
  /** `web`, `token`, `wall`, `command line` or `system`. */
  via: string;
  /** `noun:past`. */
  action: string;
  /** `done` or `refused`. */
  outcome: string;
  target: string;
  address: string;
  /** JSON: what else there is to know, `before` and `after` among it. */
  detail: string;
  hash: string;
}

/** The one row that says where the log ends; the store moves it. */
export interface AuditHeadRow {
  id: number;
  seq: number;
  hash: string;
  /** Rows written. */
  count: number;
}

export interface AlertRow {
  id: string;
  rule_id: string;
  /** JSON of the rule's titles, short titles and tags, as they were when the alert was raised. */
  rule: string;
  severity: string;
  severity_rank: number;
  status: string;
  /** Hash of rule and key; unique among open alerts. */
  group_hash: string;
  /** JSON, field to value. */
  key: string;
  /** JSON, ids of parties; `null` for an alert that was stored before they were. */
  parties: string | null;
  count: number;
  detections: number;
  first_seen: number;
  last_seen: number;
  created_at: number;
  owner: string | null;
  acknowledged_by: string | null;
  acknowledged_at: number | null;
  closed_by: string | null;
  closed_at: number | null;
  verdict: string | null;
  reason: string | null;
}

export interface AlertChangeRow {
  seq: number;
  at: number;
  kind: string;
  actor: string | null;
  note: string | null;
  alert_id: string;
  /** JSON of the alert after the change. */
  alert: string;
}

export interface DetectionRow {
  id: string;
  alert_id: string;
  count: number;
  first_seen: number;
  last_seen: number;
  /** When it was last reported, by our clock. */
  reported_at: number;
}

export interface AccountRow {
  party_id: string;
  user_name: string;
  state: string;
  /** Event time of the lifecycle event that the state comes from. */
  state_at: number;
  created_at: number | null;
  first_seen: number;
  last_seen: number;
  first_login: number | null;
  last_login: number | null;
  last_login_address: string | null;
  roles: string | null;
  /** Event time of the event that the roles come from; 0 without one. */
  roles_at: number;
  mfa_enrolled_at: number | null;
}

/** One event of an account's life; the whole row is its key. */
export interface AccountHistoryRow {
  party_id: string;
  user_name: string;
  at: number;
  action: string;
  /** Account that did it; empty when not said. */
  actor: string;
  /** Empty when not said. */
  address: string;
}

export interface AccountFailuresRow {
  party_id: string;
  user_name: string;
  /** Start of the hour of arrival. */
  hour: number;
  /** Failed and blocked logins of that hour. */
  count: number;
}

export interface UnknownOrganisationRow {
  id: string;
  first_seen: number;
}

export interface FilePositionRow {
  id: string;
  source: string;
  path: string;
  device: number;
  inode: number;
  head_hash: string;
  head_length: number;
  offset: number;
  /** Hash of the `tail_length` bytes before `offset`; `null` in rows that are older. */
  tail_hash: string | null;
  tail_length: number | null;
  /** Offset of the newest line found stored behind `offset` after a crash; `null` when there is none. */
  last_line: number | null;
  /** 1 once nothing more is read from it. */
  finished: number | null;
  /** When it was found last, epoch ms; `null` in rows that are older. */
  seen_at: number | null;
}

/** What came in by a source in one minute of arrival. */
export interface LedgerMinuteRow {
  source: string;
  /** Start of the minute. */
  minute: number;
  received: number;
  stored: number;
  unparsed: number;
  rejected: number;
  late: number;
  duplicate: number;
}

/** Lines that were received and not stored; the newest of each source are kept. */
export interface RejectionRow {
  source: string;
  /** Grows by one with each of the source. */
  number: number;
  at: number;
  lines: number;
  reason: string;
  sample: string;
}

/** A batch that its sender may send again. */
export interface BatchRow {
  /** Hash of source and id. */
  key: string;
  source: string;
  id: string;
  /** Hex SHA-256 of the body. */
  digest: string;
  at: number;
  /** JSON of the answer. */
  receipt: string;
  /** Offset of the newest line found stored after a crash, while the rest is not; `null` when all is. */
  last_line: number | null;
}

/** Numbers that outlive a restart, by name. */
export interface MetaRow {
  name: string;
  value: number;
}
