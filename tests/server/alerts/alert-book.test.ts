import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { maxOpenPerRule } from '../../../server/alerts/grouping.ts';
import { detectionRetentionMs } from '../../../server/alerts/alert-book.ts';
import { alertChangeSchema, type AlertChange } from '../../../shared/alert.ts';
import { maxListedParties } from '../../../shared/party-list.ts';
import { detection, openAlertBook, type Desk } from './support.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await openAlertBook();
});
afterEach(() => desk.store.close());

const raise = (...detections: Parameters<typeof detection>[0][]) =>
  desk.book.raise(detections.map(detection));
const kinds = (changes: readonly AlertChange[]) => changes.map(({ kind, alert }) => `${kind} ${alert.id}`);
const why = { verdict: 'benign', reason: 'a drill of ours' } as const;

describe('grouping', () => {
  test('a first detection raises an alert with what its rule says', async () => {
    const [change] = await raise({ parties: ['P03', 'P07'] });
    expect(change).toEqual({
      seq: 1,
      at: 1_000_000,
      kind: 'raised',
      actor: null,
      note: null,
      alert: {
        id: 'a1',
        rule: {
          id: 'brute-force',
          title: { id: 'Aturan brute-force', en: 'Rule brute-force' },
          short: { id: 'Singkat brute-force', en: 'Short brute-force' },
          tags: ['attack.t1110'],
        },
        severity: 'high',
        status: 'new',
        key: { 'source.ip': '203.0.113.9' },
        parties: ['P03', 'P07'],
        count: 5,
        detections: 1,
        firstSeen: 1_000,
        lastSeen: 2_000,
        createdAt: 1_000_000,
        owner: null,
        acknowledged: null,
        closed: null,
      },
    });
    expect(alertChangeSchema.safeParse(change).success).toBe(true);
  });

  test('the same detections again change nothing', async () => {
    const batch = [{}, { id: 'd2', key: { 'source.ip': '203.0.113.10' } }];
    await raise(...batch);
    const before = await desk.book.open(10);
    expect(await raise(...batch, ...batch)).toEqual([]);
    expect(await raise({ count: 3 })).toEqual([]);
    expect(await desk.book.open(10)).toEqual(before);
    expect(await desk.book.cursor()).toBe(2);
  });

  test('another detection of the same rule and key joins the open alert', async () => {
    await raise({});
    const changes = await raise({ id: 'd2', first: 500, last: 9_000, count: 7 });
    expect(kinds(changes)).toEqual(['updated a1']);
    expect(changes[0]?.alert).toMatchObject({ count: 12, detections: 2, firstSeen: 500, lastSeen: 9_000 });
  });

  test('a grown detection adds its growth only', async () => {
    await raise({});
    const [change] = await raise({ count: 9, last: 3_000 });
    expect(change?.alert).toMatchObject({ count: 9, detections: 1, lastSeen: 3_000 });
  });

  test('many reports of one batch come to one change an alert', async () => {
    const changes = await raise({}, { count: 6 }, { id: 'd2', count: 1 }, { id: 'd3', ruleId: 'scan' });
    expect(kinds(changes)).toEqual(['raised a1', 'raised a2']);
    expect(changes[0]?.alert).toMatchObject({ count: 7, detections: 2 });
    expect(changes.map(({ seq }) => seq)).toEqual([1, 2]);
  });

  test('the order of the fields in a key does not matter', async () => {
    await raise({ key: { 'source.ip': '203.0.113.9', 'user.name': 'budi' } });
    const changes = await raise({ id: 'd2', key: { 'user.name': 'budi', 'source.ip': '203.0.113.9' } });
    expect(kinds(changes)).toEqual(['updated a1']);
  });

  test('a rule that is gone still alerts, under its id', async () => {
    const [change] = await raise({ ruleId: 'gone' });
    expect(change?.alert).toMatchObject({
      severity: 'high',
      rule: { title: { en: 'gone' }, short: { id: 'gone' } },
    });
  });

  test.each(['<img src=x onerror=alert(1)>', "'); drop table alerts; --", 'a\0b', '\u202eevil', '💥'])(
    'the hostile key %j comes back as it was',
    async (name) => {
      await raise({ key: { 'user.name': name } });
      expect((await desk.book.open(1))[0]?.key).toEqual({ 'user.name': name });
      expect(kinds(await raise({ id: 'd2', key: { 'user.name': name } }))).toEqual(['updated a1']);
    },
  );

  test('a very long value is cut in the alert, and told apart all the same', async () => {
    const long = 'x'.repeat(5_000);
    await raise({ key: { 'url.path': long } }, { id: 'd2', key: { 'url.path': `${long}y` } });
    const alerts = await desk.book.open(10);
    expect(alerts).toHaveLength(2);
    expect(alerts[0]?.key['url.path']).toHaveLength(1_501);
  });
});

describe('the parties of an alert', () => {
  test('are those of all its detections, each once, in order', async () => {
    await raise({ parties: ['P07'] });
    const [change] = await raise({ id: 'd2', parties: ['P03', 'P07', 'PX-9'] });
    expect(change?.alert.parties).toEqual(['P03', 'P07', 'PX-9']);
    expect((await desk.book.open(1))[0]?.parties).toEqual(['P03', 'P07', 'PX-9']);
  });

  test('grow with a detection, and the same again change nothing', async () => {
    await raise({ parties: ['P07'] });
    const [change] = await raise({ count: 6, parties: ['P03', 'P07'] });
    expect(change?.alert.parties).toEqual(['P03', 'P07']);
    expect(await raise({ parties: ['P07'] }, { count: 6, parties: ['P03', 'P07'] })).toEqual([]);
    expect(kinds(await raise({ count: 6, parties: ['P12'] }))).toEqual(['updated a1']);
  });

  test('of one batch come together', async () => {
    const [change] = await raise({ parties: ['P07'] }, { parties: ['P03'] });
    expect(change?.alert.parties).toEqual(['P03', 'P07']);
  });

  test('are bounded, the same ones whatever the order', async () => {
    const named = Array.from({ length: 60 }, (_, n) => `P${n + 10}`);
    await raise({ parties: named.slice(20) }, { id: 'd2', parties: named.slice(0, 20) });
    expect((await desk.book.open(1))[0]?.parties).toEqual(named.slice(0, maxListedParties));
    expect(await raise({ parties: named })).toEqual([]);
  });
});

describe('an alert that an older version stored', () => {
  test('is read with the party of its key and its title cut short, and takes parties in', async () => {
    await raise({ key: { 'organization.id': 'P07' } });
    const { db } = desk.store;
    const title = { id: 'Banyak login gagal pada satu akun', en: 'Many failed logins of one account' };
    const rule = JSON.stringify({ title, tags: [] });
    await db.updateTable('alerts').set({ parties: null, rule }).execute();
    const [logged] = (await desk.book.changesAfter(0, 1)) ?? [];
    const { parties: _, ...older } = { ...logged?.alert, rule: { id: 'brute-force', title, tags: [] } };
    await db
      .updateTable('alert_changes')
      .set({ alert: JSON.stringify(older) })
      .execute();

    const expected = {
      parties: ['P07'],
      rule: { title, short: { id: 'Banyak login gagal…', en: 'Many failed logins…' } },
    };
    expect(await desk.book.open(1)).toMatchObject([expected]);
    expect(await desk.book.changesAfter(0, 1)).toMatchObject([{ alert: expected }]);
    const [change] = await raise({ key: { 'organization.id': 'P07' }, parties: ['P03'] });
    expect(change?.alert.parties).toEqual(['P03', 'P07']);
  });
});

describe('a closed alert', () => {
  beforeEach(async () => {
    await raise({});
    await desk.book.close('a1', 'siti', why);
  });

  test('takes in the growth of its own detection without a word: the episode was judged', async () => {
    const heard: AlertChange[] = [];
    desk.book.subscribe((changes) => heard.push(...changes));
    const cursor = await desk.book.cursor();
    expect(await raise({ count: 50, last: 60_000 })).toEqual([]);
    expect(heard).toEqual([]);
    expect(await desk.book.cursor()).toBe(cursor);
    expect(await desk.book.openCount()).toBe(0);
    const detail = await desk.book.detail('a1');
    expect(detail?.alert).toMatchObject({ status: 'closed', count: 50, lastSeen: 60_000 });
  });

  test('is not opened by a replay after a restart', async () => {
    expect(await raise({})).toEqual([]);
    expect(await desk.book.openCount()).toBe(0);
  });

  test('does not take a new detection: a new episode raises a new alert', async () => {
    expect(kinds(await raise({ id: 'd2' }))).toEqual(['raised a2']);
    expect(kinds(await raise({ count: 8 }, { id: 'd2', count: 6 }))).toEqual(['updated a2']);
    expect((await desk.book.detail('a1'))?.alert.count).toBe(8);
  });

  test('reopened, takes part again and tells of growth', async () => {
    await raise({ count: 50 });
    const reopened = await desk.book.reopen('a1', 'budi');
    expect(reopened.ok && reopened.value.alert.count).toBe(50);
    expect(kinds(await raise({ count: 51 }))).toEqual(['updated a1']);
    expect(kinds(await raise({ id: 'd2' }))).toEqual(['updated a1']);
  });

  test('is not reopened beside a newer one of its kind', async () => {
    await raise({ id: 'd2' });
    expect(await desk.book.reopen('a1', 'budi')).toMatchObject({ ok: false, code: 'conflict' });
    await desk.book.close('a2', 'siti', why);
    expect(await desk.book.reopen('a1', 'budi')).toMatchObject({ ok: true });
  });
});

describe('lifecycle', () => {
  beforeEach(() => raise({}));

  test('goes from new by acknowledged to closed and back, and says who, when and why', async () => {
    desk.clock.now = 2_000_000;
    const taken = await desk.book.acknowledge('a1', 'budi');
    expect(taken).toMatchObject({
      ok: true,
      value: {
        seq: 2,
        kind: 'acknowledged',
        actor: 'budi',
        alert: { status: 'acknowledged', owner: 'budi', acknowledged: { by: 'budi', at: 2_000_000 } },
      },
    });
    desk.clock.now = 3_000_000;
    const closed = await desk.book.close('a1', 'siti', why);
    expect(closed).toMatchObject({
      ok: true,
      value: { note: why.reason, alert: { status: 'closed', closed: { by: 'siti', at: 3_000_000, ...why } } },
    });
    const reopened = await desk.book.reopen('a1', 'wati');
    expect(reopened).toMatchObject({
      ok: true,
      value: { kind: 'reopened', alert: { status: 'acknowledged', owner: 'wati', closed: null } },
    });
    const history = (await desk.book.detail('a1'))?.history ?? [];
    expect(kinds(history)).toEqual(['raised a1', 'acknowledged a1', 'closed a1', 'reopened a1']);
  });

  test.each(['acknowledge', 'close', 'reopen'] as const)('cannot %s what does not exist', async (step) => {
    const { book } = desk;
    const answer = await (step === 'close' ? book.close('none', 'budi', why) : book[step]('none', 'budi'));
    expect(answer).toMatchObject({ ok: false, code: 'not-found' });
  });

  test('of two people at once, one acknowledges and the other is told who did', async () => {
    const answers = await Promise.all([
      desk.book.acknowledge('a1', 'budi'),
      desk.book.acknowledge('a1', 'siti'),
    ]);
    expect(answers.map((answer) => answer.ok)).toEqual([true, false]);
    expect(answers[1]).toMatchObject({ code: 'conflict', message: 'already acknowledged by budi' });
  });

  test('a step that may not be taken changes nothing', async () => {
    expect(await desk.book.reopen('a1', 'budi')).toMatchObject({ code: 'conflict' });
    await desk.book.close('a1', 'budi', why);
    expect(await desk.book.close('a1', 'siti', why)).toMatchObject({ message: 'already closed by budi' });
    expect(await desk.book.acknowledge('a1', 'siti')).toMatchObject({ code: 'conflict' });
    expect(await desk.book.cursor()).toBe(2);
  });

  test('detections go on counting on an acknowledged alert, which stays acknowledged', async () => {
    await desk.book.acknowledge('a1', 'budi');
    const [change] = await raise({ id: 'd2' });
    expect(change?.alert).toMatchObject({ status: 'acknowledged', owner: 'budi', detections: 2 });
  });
});

describe('lists', () => {
  test('open ones: worst first, then unacknowledged, then oldest', async () => {
    const one = async (id: string, ruleId: string) => {
      desk.clock.now += 1_000;
      await raise({ id, ruleId, key: { 'user.name': id } });
    };
    await one('d1', 'scan');
    await one('d2', 'brute-force');
    await one('d3', 'brute-force');
    await one('d4', 'takeover');
    await one('d5', 'brute-force');
    await desk.book.acknowledge('a2', 'budi');
    const names = (await desk.book.open(10)).map(({ id }) => id);
    expect(names).toEqual(['a4', 'a3', 'a5', 'a2', 'a1']);
    expect((await desk.book.open(2)).map(({ id }) => id)).toEqual(['a4', 'a3']);
  });

  test('by status, with how many there are in all', async () => {
    await raise({}, { id: 'd2', ruleId: 'scan' }, { id: 'd3', ruleId: 'takeover' });
    await desk.book.close('a2', 'budi', why);
    const list = async (status: 'open' | 'closed' | 'all', limit = 10) => {
      const { alerts, total } = await desk.book.list({ status, limit });
      return [alerts.map(({ id }) => id).toSorted(), total];
    };
    expect(await list('open')).toEqual([['a1', 'a3'], 2]);
    expect(await list('closed')).toEqual([['a2'], 1]);
    expect(await list('all')).toEqual([['a1', 'a2', 'a3'], 3]);
    expect((await list('all', 1))[1]).toBe(3);
  });

  test('detail tells what to do first; of a rule that is gone, nothing', async () => {
    await raise({}, { id: 'd2', ruleId: 'gone' });
    expect(await desk.book.detail('a1')).toMatchObject({
      response: { en: 'Call the owner of the account.' },
      description: { id: 'Banyak login gagal.', en: 'Many failed logins.' },
      falsePositives: { id: ['Lupa sandi'], en: ['A forgotten password'] },
    });
    expect(await desk.book.detail('a2')).toMatchObject({
      response: null,
      description: null,
      falsePositives: { id: [], en: [] },
    });
    expect(await desk.book.detail('none')).toBeNull();
  });
});

describe('bounds', () => {
  const flood = (count: number, from = 0) =>
    Array.from({ length: count }, (_, n) => ({ id: `f${from + n}`, key: { 'user.name': `u${from + n}` } }));

  test('beyond so many open alerts of a rule, detections gather in one with an empty key', async () => {
    await raise(...flood(maxOpenPerRule));
    const changes = await raise(...flood(3, maxOpenPerRule));
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({ kind: 'raised', alert: { key: {}, detections: 3, count: 15 } });
    expect(await desk.book.openCount()).toBe(maxOpenPerRule + 1);
    expect(kinds(await raise({ id: 'x', key: { 'user.name': 'x' } }))).toEqual([
      `updated a${maxOpenPerRule + 1}`,
    ]);
  });

  test('those that were open before still take their own detections', async () => {
    await raise(...flood(maxOpenPerRule + 1));
    const [change] = await raise({ id: 'again', key: { 'user.name': 'u7' } });
    expect(change?.alert).toMatchObject({ key: { 'user.name': 'u7' }, detections: 2 });
  });

  test('another rule is not touched by it', async () => {
    await raise(...flood(maxOpenPerRule + 1));
    expect(await raise({ id: 'o', ruleId: 'scan' })).toMatchObject([
      { kind: 'raised', alert: { key: detection().key } },
    ]);
  });

  test('a detection that was not reported for a long time is forgotten', async () => {
    await raise({});
    desk.clock.now += detectionRetentionMs + 1;
    await raise({ id: 'd2' });
    const rows = await desk.store.db.selectFrom('detections').select('id').execute();
    expect(rows).toEqual([{ id: 'd2' }]);
  });

  test('a thousand detections are grouped fast, in one transaction', async () => {
    const batch = Array.from({ length: 1_000 }, (_, n) => ({
      id: `t${n}`,
      ruleId: `rule-${n % 4}`,
      key: { 'user.name': `u${n >> 2}` },
    }));
    await raise(...batch);
    const began = performance.now();
    await raise(...batch.map((item) => ({ ...item, count: 9 })));
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(await desk.book.openCount()).toBe(1_000);
  });
});
