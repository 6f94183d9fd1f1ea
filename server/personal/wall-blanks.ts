import type { Alert, AlertChange } from '../../shared/alert.ts';
import type { AlertDetail } from '../../shared/api/schemas.ts';
import type { Frame, LoginSeries, SourceHealth } from '../../shared/live/frame.ts';
import type { Snapshot } from '../../shared/live/protocol.ts';
import type { Party } from '../../shared/party.ts';

/** What stands in the place of what a wall doesn't show: the answers keep their shape and say nothing. */

const noText = { id: '', en: '' };

export const blankLogins: Frame['logins'] = { success: 0, failure: 0, blocked: 0 };

export const blankAccounts: Frame['accounts'] = {
  national: { registered: 0, present: 0 },
  aceh: { registered: 0, present: 0 },
  absent: [],
  unknown: [],
};

export const blankSource: SourceHealth = {
  id: '',
  kind: 'file',
  received: 0,
  totals: { received: 0, stored: 0, unparsed: 0, rejected: 0, late: 0, duplicate: 0 },
  lagMs: null,
  behindBytes: null,
  pending: 0,
  lastHeard: null,
  silent: false,
  fault: null,
};

/** Of a hole in coverage, beside its kind. */
export const blankHole = { source: '', since: 0, rule: '' };

export const blankFrame: Frame = {
  seq: 0,
  at: 0,
  events: 0,
  unparsed: 0,
  signals: 0,
  logins: blankLogins,
  parties: [],
  partyFailures: {},
  topFailures: [],
  accounts: blankAccounts,
  sources: [],
  coverage: [],
  usualFailures: null,
  watermark: null,
};

export const blankSeries: LoginSeries = {
  bucketMs: 0,
  at: [],
  success: [],
  failure: [],
  blocked: [],
  events: [],
  heard: [],
};

export const blankParty: Party = {
  id: '-',
  name: '-',
  kind: 'national',
  number: 1,
  expectedSince: '1970-01-01',
};

export const blankRule: Alert['rule'] = { id: '', title: noText, short: noText, tags: [] };

export const blankAlert: Alert = {
  id: '',
  rule: blankRule,
  severity: 'informational',
  status: 'new',
  key: {},
  parties: [],
  count: 0,
  detections: 0,
  firstSeen: 0,
  lastSeen: 0,
  createdAt: 0,
  owner: null,
  acknowledged: null,
  closed: null,
};

export const blankChange: AlertChange = {
  seq: 0,
  at: 0,
  kind: 'updated',
  actor: null,
  note: null,
  alert: blankAlert,
};

export const blankDetail: AlertDetail = {
  alert: blankAlert,
  history: [],
  response: null,
  description: null,
  falsePositives: { id: [], en: [] },
};

export const blankSnapshot: Snapshot = {
  now: 0,
  mode: 'production',
  version: '',
  parties: [],
  frame: null,
  recent: blankSeries,
  alerts: [],
  openAlerts: 0,
  missed: [],
  alertCursor: 0,
};
