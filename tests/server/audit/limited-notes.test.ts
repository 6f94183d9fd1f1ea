import { beforeEach, describe, expect, test } from 'vitest';
import type { AuditNote } from '../../../server/audit/audit-log.ts';
import {
  createLimitedNotes,
  maxNoteKeys,
  noteWindowMs,
  strangersEveryMs,
  type LimitedNotes,
} from '../../../server/audit/limited-notes.ts';
import { createSocketNotes } from '../../../server/audit/socket-notes.ts';
import { grantsOfRole } from '../../../shared/authority.ts';

let now: number;
let written: AuditNote[];
let notes: LimitedNotes;
beforeEach(() => {
  now = 1_000_000;
  written = [];
  notes = createLimitedNotes({
    audit: {
      note: (note) => {
        written.push(note);
        return Promise.resolve();
      },
    },
    now: () => now,
    onFault: () => undefined,
  });
});

const refusal = (over: Partial<AuditNote> = {}): AuditNote => ({
  actor: 'vera',
  agency: 'BSSN',
  via: 'web',
  action: 'request:refused',
  outcome: 'refused',
  target: 'GET /api/users',
  address: '192.0.2.7',
  ...over,
});

describe('refusals', () => {
  test('of one actor from one address are noted once, and then as a count', () => {
    for (let index = 0; index < 5_000; index += 1) notes.note(refusal({ target: `GET /api/${index}` }));
    expect(written).toHaveLength(1);
    notes.flush();
    expect(written).toHaveLength(1);
    now += noteWindowMs;
    notes.flush();
    expect(written[1]).toEqual({
      actor: 'vera',
      agency: 'BSSN',
      via: 'web',
      action: 'request:refused',
      outcome: 'refused',
      address: '192.0.2.7',
      detail: { leftOut: 4_999, since: 1_000_000 },
    });
    notes.flush();
    expect(written).toHaveLength(2);
  });

  test('of others are told apart by act, actor and address', () => {
    const others: Partial<AuditNote>[] = [
      {},
      { actor: 'anton' },
      { address: '192.0.2.8' },
      { action: 'socket:refused' },
    ];
    for (const over of others) notes.note(refusal(over));
    expect(written).toHaveLength(4);
  });

  test('of one reason hide none of another, and are counted apart', () => {
    for (const code of ['forbidden', 'personal-data', 'personal-data', 'personal-data', 'forbidden'])
      notes.note(refusal({ detail: { code } }));
    expect(written.map(({ detail }) => detail?.['code'])).toEqual(['forbidden', 'personal-data']);
    now += noteWindowMs;
    notes.flush();
    expect(written.slice(2).map(({ detail }) => detail)).toEqual([
      { code: 'forbidden', leftOut: 1, since: 1_000_000 },
      { code: 'personal-data', leftOut: 2, since: 1_000_000 },
    ]);
  });

  test('from ever new addresses can’t fill the log', () => {
    for (let index = 0; index < 10_000; index += 1) notes.note(refusal({ address: `2001:db8::${index}` }));
    expect(written).toHaveLength(maxNoteKeys);
    notes.flush();
    expect(written.at(-1)).toMatchObject({
      action: 'notes:limited',
      detail: { leftOut: 10_000 - maxNoteKeys },
    });
    expect(notes.counts().leftOut).toBe(10_000 - maxNoteKeys);
  });

  test('that go on after the window are noted again, with what was left out', () => {
    for (let index = 0; index < 3; index += 1) notes.note(refusal());
    now += noteWindowMs;
    notes.note(refusal());
    expect(written[1]?.detail).toEqual({ leftOutBefore: 2 });
  });

  test('of strangers are counted, and told once an hour', () => {
    for (let index = 0; index < 10_000; index += 1) notes.countStranger();
    notes.flush();
    expect(written).toEqual([]);
    now += strangersEveryMs;
    notes.flush();
    expect(written).toMatchObject([{ actor: 'siaga', detail: { unauthenticated: 10_000 } }]);
    notes.flush();
    expect(written).toHaveLength(1);
  });

  test('are told at the end, whatever is left', async () => {
    notes.note(refusal());
    notes.note(refusal());
    notes.countStranger();
    await notes.close();
    expect(written.slice(1).map(({ detail }) => detail)).toEqual([
      { leftOut: 1, since: 1_000_000 },
      { unauthenticated: 1, since: 1_000_000 },
    ]);
  });
});

test('sockets that come, go and are refused are noted with whose they were; strangers are counted', () => {
  const identity = {
    kind: 'user',
    sessionKey: 's',
    name: 'vera',
    role: 'viewer',
    agency: 'BSSN',
    grants: grantsOfRole.viewer,
    due: null,
    expiresAt: 1,
  } as const;
  let isIn = true;
  const told = createSocketNotes(notes, ({ cookie }) => (isIn && cookie === 'vera' ? identity : null));
  const from = { headers: { cookie: 'vera' }, address: '192.0.2.7' };
  told({ kind: 'connected', id: '1', ...from });
  told({ kind: 'refused', ...from, reason: 'origin' });
  told({ kind: 'refused', headers: {}, address: '192.0.2.9', reason: 'unauthorised' });
  isIn = false;
  told({ kind: 'ended', id: '1', reason: 'transport close' });
  told({ kind: 'ended', id: '1', reason: 'transport close' });
  expect(written.map(({ actor, agency, action, detail }) => [actor, agency, action, detail])).toEqual([
    ['vera', 'BSSN', 'socket:connected', undefined],
    ['vera', 'BSSN', 'socket:refused', { reason: 'origin' }],
    ['vera', 'BSSN', 'socket:ended', { reason: 'transport close' }],
  ]);
  expect(notes.counts().strangers).toBe(1);
});
