import type { PartyAccount, PartyDetail, PartyList } from '../../../shared/api/schemas.ts';
import { parties, start } from '../live-samples.ts';

type Row = PartyList['parties'][number];

/** A row of the board for one of the sample parties. */
export const rowOf = (index: number, over: Partial<Row> = {}): Row => ({
  party: parties[index]!,
  present: true,
  due: true,
  accounts: 2,
  registered: 2,
  verdict: 'matches',
  missing: 0,
  unknown: 0,
  lastLogin: start,
  failuresHour: 0,
  locked: 0,
  sessions: 1,
  ...over,
});

export const boardOf = (over: Partial<PartyList> = {}): PartyList => ({
  parties: [rowOf(0), rowOf(1), rowOf(2)],
  national: { registered: 2, present: 2 },
  aceh: { registered: 1, present: 1 },
  unknown: [],
  strangers: [],
  overflow: 0,
  ...over,
});

export const accountOf = (name: string, over: Partial<PartyAccount> = {}): PartyAccount => ({
  name,
  state: 'active',
  createdAt: null,
  firstSeen: start,
  lastSeen: start,
  firstLogin: start,
  lastLogin: start,
  lastLoginAddress: '203.0.113.9',
  failuresHour: 0,
  failuresDay: 0,
  sessions: 1,
  roles: 'unggah',
  mfaEnrolledAt: null,
  registered: true,
  shared: false,
  ...over,
});

export const detailOf = (over: Partial<PartyDetail> = {}): PartyDetail => ({
  party: parties[1]!,
  present: true,
  accounts: [accountOf('operator07')],
  reconciliation: { verdict: 'matches', registered: 1, known: 1, missing: [], unknown: [], differs: false },
  history: [],
  historyTotal: 0,
  historyCut: false,
  ...over,
});
