import type { Alert, AlertChange } from './alert.ts';
import type { AlertDetail } from './api/schemas.ts';
import type { WallDetail } from './api/tokens.ts';
import type { CoverageHole, Frame, LoginSeries, SourceHealth } from './live/frame.ts';
import type { Snapshot } from './live/protocol.ts';
import type { Party } from './party.ts';

/**
 * What leaves the server for a wall: from which level on each field is shown on its screen, `never` where none shows it. A wall
 * gets what it shows and nothing else; a field that isn't here doesn't compile. What draws it is `client/wall/`.
 */
export type Shows<T> = { readonly [K in keyof T]-?: WallDetail | 'never' };

export const wallSnapshot: Shows<Snapshot> = {
  now: 'figures',
  mode: 'figures',
  version: 'figures',
  parties: 'figures',
  frame: 'figures',
  recent: 'figures',
  alerts: 'titles',
  openAlerts: 'titles',
  missed: 'never',
  alertCursor: 'titles',
};

export const wallParty: Shows<Party> = {
  id: 'figures',
  name: 'figures',
  kind: 'figures',
  number: 'figures',
  expectedSince: 'never',
  accounts: 'never',
};

export const wallFrame: Shows<Frame> = {
  seq: 'figures',
  at: 'figures',
  events: 'never',
  unparsed: 'never',
  signals: 'never',
  logins: 'figures',
  parties: 'never',
  partyFailures: 'figures',
  topFailures: 'never',
  accounts: 'figures',
  sources: 'titles',
  coverage: 'figures',
  ledger: 'never',
  usualFailures: 'figures',
  watermark: 'never',
};

export const wallLogins: Shows<Frame['logins']> = {
  success: 'never',
  failure: 'figures',
  blocked: 'figures',
};

export const wallAccounts: Shows<Frame['accounts']> = {
  national: 'figures',
  aceh: 'figures',
  absent: 'figures',
  differs: 'never',
  unknown: 'never',
};

/** Of `lastHeard` only whether it was heard. */
export const wallSource: Shows<SourceHealth> = {
  id: 'never',
  kind: 'never',
  received: 'never',
  totals: 'never',
  lagMs: 'never',
  behindBytes: 'never',
  pending: 'never',
  lastHeard: 'titles',
  silent: 'titles',
  fault: 'titles',
};

type Fields<T> = T extends unknown ? Exclude<keyof T, 'kind'> : never;

/** Of each hole in coverage, what is said of it beside its kind. */
export const wallHole: {
  readonly [K in CoverageHole['kind']]: readonly Fields<Extract<CoverageHole, { kind: K }>>[];
} = {
  'source-silent': ['source', 'since'],
  'source-fault': ['source'],
  'store-failing': [],
  'ledger-off': [],
  'detector-capped': [],
  'rule-faulty': [],
};

export const wallSeries: Shows<LoginSeries> = {
  bucketMs: 'figures',
  at: 'figures',
  success: 'never',
  failure: 'figures',
  blocked: 'figures',
  events: 'never',
  heard: 'figures',
};

/**
 * Of `status` whether it is open, of `acknowledged` and `owner` whether somebody did or has, of `parties` those of the register,
 * for their tiles; of `key` the most telling value.
 */
export const wallAlert: Shows<Alert> = {
  id: 'titles',
  rule: 'titles',
  severity: 'titles',
  status: 'titles',
  key: 'full',
  parties: 'titles',
  count: 'never',
  detections: 'never',
  firstSeen: 'never',
  lastSeen: 'never',
  createdAt: 'titles',
  owner: 'full',
  acknowledged: 'titles',
  closed: 'never',
};

/** Closed alerts are counted by severity and age, nothing more. */
export const wallClosedAlert: readonly (keyof Alert)[] = ['id', 'severity', 'status', 'createdAt'];

export const wallRule: Shows<Alert['rule']> = {
  id: 'titles',
  title: 'titles',
  short: 'titles',
  tags: 'never',
};

/** Of `kind` only what moves the count of open alerts. */
export const wallChange: Shows<AlertChange> = {
  seq: 'titles',
  at: 'never',
  kind: 'titles',
  actor: 'never',
  note: 'never',
  alert: 'titles',
};

export const wallAlertDetail: Shows<AlertDetail> = {
  alert: 'titles',
  history: 'never',
  response: 'never',
  description: 'never',
  falsePositives: 'never',
};

export const partyField = 'organization.id';

/** What an alert is about, the most telling first: the one value of its key that a wall shows. */
export const tellingFields: readonly string[] = [
  partyField,
  'user.target.name',
  'user.name',
  'source.ip',
  'siaga.source',
  'url.path',
];

/** The field of an alert's key that tells most; `undefined` where the key is empty. */
export const tellingField = (key: Alert['key']): string | undefined =>
  tellingFields.find((name) => Object.hasOwn(key, name)) ?? Object.keys(key)[0];
