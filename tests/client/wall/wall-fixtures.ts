import type { Alert } from '../../../shared/alert.ts';
import type { Frame } from '../../../shared/live/frame.ts';
import type { Party } from '../../../shared/party.ts';
import { shortTitle } from '../../../shared/short-title.ts';
import type { WallFacts } from '../../../client/wall/wall-facts.ts';

export const now = Date.UTC(2026, 10, 24, 7, 5, 12);

export const parties: Party[] = [
  { id: 'P03', name: 'Partai Tiga', kind: 'national', number: 3, expectedSince: '2026-08-01' },
  { id: 'P07', name: 'Partai Tujuh', kind: 'national', number: 7, expectedSince: '2026-08-01' },
  { id: 'P12', name: 'Partai Dua Belas', kind: 'national', number: 12, expectedSince: '2026-08-01' },
  { id: 'PA4', name: 'Partai Aceh Empat', kind: 'aceh', number: 4, expectedSince: '2026-08-01' },
];

export const ruleOf = (id: string, en = id): Alert['rule'] => ({
  id,
  title: { id, en },
  short: { id: shortTitle(id), en: shortTitle(en) },
  tags: [],
});

export const alertOf = (id: string, changes: Partial<Alert> = {}): Alert => ({
  id,
  rule: ruleOf('Akun diambil alih', 'Account taken over'),
  severity: 'critical',
  status: 'new',
  key: { 'organization.id': 'P07' },
  parties: ['P07'],
  count: 3,
  detections: 1,
  firstSeen: now - 240_000,
  lastSeen: now,
  createdAt: now - 240_000,
  owner: null,
  acknowledged: null,
  closed: null,
  ...changes,
});

export const frameOf = (changes: Partial<Frame> = {}): Frame => ({
  seq: 10,
  at: now - 1_000,
  events: 5_000,
  unparsed: 0,
  signals: 0,
  logins: { success: 60, failure: 2, blocked: 0 },
  parties: [],
  partyFailures: {},
  topFailures: [],
  accounts: {
    national: { registered: 38, present: 38 },
    aceh: { registered: 7, present: 6 },
    absent: ['PA4'],
    unknown: [],
  },
  sources: [],
  coverage: [],
  usualFailures: [90, 140],
  watermark: now - 2_000,
  ...changes,
});

export const factsOf = (changes: Partial<WallFacts> = {}): WallFacts => ({
  now,
  zone: 'WIB',
  detail: 'full',
  freshness: 'fresh',
  connecting: false,
  ageMs: 1_000,
  words: ['normal'],
  frame: frameOf(),
  parties,
  alerts: [],
  openAlerts: 0,
  failures: { count: 112, heard: 60 },
  ...changes,
});
