import type { Alert, AlertChange } from '../../shared/alert.ts';
import type { Frame } from '../../shared/live/frame.ts';
import type { Snapshot } from '../../shared/live/protocol.ts';
import type { Party } from '../../shared/party.ts';

/** A whole second, long after the epoch. */
export const start = 1_790_000_000_000;

export const parties: Party[] = [
  { id: 'ACEH-1', name: 'Partai Aceh 1', kind: 'aceh', number: 1, expectedSince: '2026-08-01' },
  { id: 'P07', name: 'Partai 07', kind: 'national', number: 7, expectedSince: '2026-08-01' },
  { id: 'P02', name: 'Partai 02', kind: 'national', number: 2, expectedSince: '2026-08-01' },
];

export const frameOf = (seq: number, over: Partial<Frame> = {}): Frame => ({
  seq,
  at: start + seq * 1_000,
  events: 100,
  unparsed: 0,
  signals: 0,
  logins: { success: 10, failure: 2, blocked: 1 },
  parties: [],
  partyFailures: {},
  topFailures: [],
  accounts: {
    national: { registered: 2, present: 2 },
    aceh: { registered: 1, present: 1 },
    absent: [],
    unknown: [],
  },
  sources: [],
  coverage: [],
  usualFailures: null,
  watermark: null,
  ...over,
});

export const alertOf = (id: string, over: Partial<Alert> = {}): Alert => ({
  id,
  rule: {
    id: 'spray',
    title: { id: 'Tebak sandi', en: 'Password spraying' },
    short: { id: 'Tebak sandi', en: 'Password spraying' },
    tags: [],
  },
  severity: 'high',
  status: 'new',
  key: { 'source.ip': '203.0.113.9' },
  parties: [],
  count: 3,
  detections: 1,
  firstSeen: start,
  lastSeen: start,
  createdAt: start,
  owner: null,
  acknowledged: null,
  closed: null,
  ...over,
});

export const changeOf = (seq: number, alert: Alert, kind: AlertChange['kind'] = 'raised'): AlertChange => ({
  seq,
  at: start,
  kind,
  actor: null,
  note: null,
  alert,
});

export const closedOf = (alert: Alert): Alert => ({
  ...alert,
  status: 'closed',
  closed: { by: 'sari', at: start, verdict: 'benign', reason: 'uji' },
});

export const noSeries = {
  bucketMs: 1_000,
  at: [],
  success: [],
  failure: [],
  blocked: [],
  events: [],
  heard: [],
};

export const snapshotOf = (over: Partial<Snapshot> = {}): Snapshot => ({
  now: start + 10_000,
  mode: 'simulation',
  version: '0.1.0',
  parties,
  frame: frameOf(10),
  recent: noSeries,
  alerts: [],
  openAlerts: 0,
  missed: [],
  alertCursor: 5,
  ...over,
});
