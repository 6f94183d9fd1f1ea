import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { maxAuditScanned, listAudit } from '../../../server/audit/audit-list.ts';
import type { AuditNote } from '../../../server/audit/audit-log.ts';
import { noteWindowMs } from '../../../server/audit/limited-notes.ts';
import { verifyAudit } from '../../../server/audit/verify-audit.ts';
import { auditAnswerSchema, auditHeadSchema, type AuditEntry } from '../../../shared/api/audit.ts';
import { openAudit } from '../audit/support.ts';
import { detection } from '../alerts/support.ts';
import { openApi, type ApiDesk } from './support.ts';

let api: ApiDesk;
beforeEach(async () => {
  api = await openApi();
});
afterEach(() => api.close());

const list = async (query = '', role: 'admin' | 'lead' = 'admin') => {
  const answer = await api.ask(`/api/audit${query}`, { cookie: api.cookieOf(role) });
  expect(answer.status).toBe(200);
  return auditAnswerSchema.parse(answer.json);
};
const named = (entries: readonly AuditEntry[], action: string) =>
  entries.filter((each) => each.action === action);
const act = (over: Partial<AuditNote> = {}) =>
  api.audit.note({ actor: 'siti', agency: 'KPU', via: 'web', action: 'user:created', ...over });

describe('GET /api/audit', () => {
  test('answers newest first, page after page, each row once', async () => {
    for (let index = 0; index < 25; index += 1) await act({ actor: `user${index}` });
    const seen: number[] = [];
    let before: number | null = 26;
    while (before !== null) {
      const page = await list(`?limit=10&before=${before}`);
      seen.push(...page.entries.map(({ seq }) => seq));
      before = page.next;
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => 25 - index));
  });

  test.each([
    ['?actor=vera', ['vera']],
    ['?action=alert:closed', ['anton']],
    ['?agency=BSSN', ['vera']],
    ['?outcome=refused', []],
    ['?from=1764000000500&to=1764000000600', ['anton']],
    ['?to=1764000000500', ['vera']],
    ['?from=1764000000601&to=1764000000700', []],
  ])('%s', async (query, actors) => {
    await act({ actor: 'vera', agency: 'BSSN' });
    api.desk.clock.now += 500;
    await act({ actor: 'anton', action: 'alert:closed' });
    api.desk.clock.now += 100;
    const { entries } = await list(query);
    expect(entries.filter(({ actor }) => actor !== 'admin').map(({ actor }) => actor)).toEqual(actors);
  });

  test.each(['?limit=0', '?limit=201', '?outcome=maybe', '?from=-1', '?before=x', '?name=a', '?actor='])(
    'refuses %s',
    async (query) => {
      const answer = await api.ask(`/api/audit${query}`, { cookie: api.cookieOf('admin') });
      expect(answer.status).toBe(400);
    },
  );

  test('shows a lead the own agency only, whatever is asked', async () => {
    await act({ actor: 'vera', agency: 'BSSN' });
    await act({ actor: 'sari', agency: 'KPU' });
    await act({ actor: 'nobody', agency: '' });
    const all = (await list()).entries.map(({ agency }) => agency);
    expect(all).toContain('BSSN');
    for (const query of ['', '?agency=KPU', '?actor=vera', '?actor=nobody']) {
      const { entries } = await list(query, 'lead');
      expect(entries.every(({ agency }) => agency === 'KPU')).toBe(true);
    }
    expect(await list('?agency=BSSN', 'lead')).toMatchObject({ entries: [], next: null });
  });

  test('is noted itself, once in a while for each user', async () => {
    for (let index = 0; index < 5; index += 1) await list('?actor=siti');
    expect(named((await list()).entries, 'audit:read')).toMatchObject([
      { actor: 'admin', detail: { actor: 'siti' } },
    ]);
    api.desk.clock.now += noteWindowMs;
    await list();
    expect(named((await list()).entries, 'audit:read')).toMatchObject([
      { detail: { leftOutBefore: 5 } },
      { detail: { actor: 'siti' } },
    ]);
  });

  test('tells how the chain, the heads and the store stand', async () => {
    expect((await list()).state).toMatchObject({
      chain: { kind: 'unchecked' },
      heads: { kind: 'none', failingSince: null },
      failure: null,
    });
  });

  test('sends hostile text as it is, as JSON', async () => {
    await act({ actor: '</script>\u202e\u001b[2J' });
    const answer = await api.ask('/api/audit', { cookie: api.cookieOf('admin') });
    expect(answer.headers['content-type']).toContain('application/json');
    expect(auditAnswerSchema.parse(answer.json).entries.map(({ actor }) => actor)).toContain(
      '</script>\u202e\u001b[2J',
    );
  });

  test('goes on beyond rows that it looked through in vain', async () => {
    const desk = await openAudit();
    await desk.audit.note({ actor: 'first', agency: 'KPU', via: 'web', action: 'user:created' });
    await sql`with recursive n(i) as (select 2 union all select i + 1 from n where i < ${maxAuditScanned + 10})
      insert into audit select i, 1, 'x', '', 'web', 'a:b', 'done', '', '', '{}', '' from n`.execute(
      desk.store.db,
    );
    const first = await listAudit(desk.store.db, { actor: 'first', limit: 10 });
    expect(first.entries).toEqual([]);
    const second = await listAudit(desk.store.db, {
      actor: 'first',
      limit: 10,
      before: first.next ?? undefined,
    });
    expect(second.entries.map(({ seq }) => seq)).toEqual([1]);
    expect(second.next).toBeNull();
    await desk.store.close();
  });
});

test('GET /api/audit/head tells the newest row', async () => {
  await act();
  const answer = await api.ask('/api/audit/head', { cookie: api.cookieOf('admin') });
  const head = auditHeadSchema.parse(answer.json);
  expect(head).toMatchObject({ seq: 1, count: 1, at: api.desk.clock.now });
  expect(await verifyAudit(api.desk.store.db, { heads: [head] })).toMatchObject({ ok: true, heads: 1 });
});

describe('a refusal by policy', () => {
  test('of somebody who is signed in is noted', async () => {
    await api.ask('/api/users', { cookie: api.cookieOf('viewer') });
    const { entries } = await list();
    expect(named(entries, 'request:refused')).toMatchObject([
      {
        actor: 'vera',
        agency: 'KPU',
        via: 'web',
        outcome: 'refused',
        target: 'GET /api/users',
        address: '127.0.0.1',
        detail: { code: 'forbidden' },
      },
    ]);
  });

  test('of strangers is counted only', async () => {
    for (let index = 0; index < 20; index += 1) await api.ask('/api/users');
    expect(named((await list()).entries, 'request:refused')).toEqual([]);
    expect(api.trail.notes.counts().strangers).toBe(20);
  });
});

describe('a step of an alert', () => {
  const post = (step: string, body?: unknown) =>
    api.ask(`/api/alerts/a1/${step}`, { method: 'POST', cookie: api.cookieOf('analyst'), body });
  beforeEach(async () => {
    await api.alerts.raise([detection({})]);
  });

  test('is noted with what was before and after, one that was not to be taken too', async () => {
    await post('acknowledge');
    await post('acknowledge');
    await post('close', { verdict: 'benign', reason: 'a drill of ours' });
    await post('reopen');
    const { entries } = await list();
    const steps = entries.filter(({ action }) => action.startsWith('alert:')).toReversed();
    expect(steps).toMatchObject([
      {
        action: 'alert:acknowledged',
        actor: 'anton',
        target: 'alert a1',
        outcome: 'done',
        detail: { before: { status: 'new' }, after: { status: 'acknowledged' } },
      },
      { action: 'alert:acknowledged', outcome: 'refused', detail: { code: 'conflict' } },
      {
        action: 'alert:closed',
        detail: { after: { status: 'closed', verdict: 'benign', reason: 'a drill of ours' } },
      },
      { action: 'alert:reopened', detail: { before: { status: 'closed' } } },
    ]);
  });

  test('is not taken when it can’t be noted', async () => {
    await sql`create trigger full before insert on audit begin select raise(abort, 'disk full'); end`.execute(
      api.desk.store.db,
    );
    const answer = await post('close', { verdict: 'benign', reason: 'a drill of ours' });
    expect(answer.status).toBe(500);
    expect((await api.alerts.detail('a1'))?.alert.status).toBe('new');
    expect(await api.alerts.changesAfter(0, 10)).toHaveLength(1);
  });
});
