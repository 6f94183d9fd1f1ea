import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventStore } from '../../server/store/events/event-store.ts';
import { refusalOf } from '../../server/store/events/refusal.ts';
import { batchOf, createRowWriter } from '../../server/store/events/row-writer.ts';
import { salvageRow } from '../../server/store/events/salvage-row.ts';
import { emptyEvent } from '../../shared/event/empty-event.ts';
import type { SiagaEvent } from '../../shared/event/fields.ts';
import type { Frame } from '../../shared/live/frame.ts';
import type { EventQuery } from '../../shared/query/event-query.ts';

const start = Date.parse('2026-11-23T05:00:00Z');
const minute = 60_000;
const hour: EventQuery = { from: start, to: start + 60 * minute, filters: [], text: '' };
const only = (field: string, value: string, exclude = false): EventQuery => ({
  ...hour,
  filters: [{ field: field as EventQuery['filters'][number]['field'], value, exclude }],
});

const hostile = `'; DROP TABLE events; -- \\' \t \n \r \0 "{x:String}" <img src=x> ‮ \u{1f600}`;

let sequence = 0;
function event(fields: Partial<SiagaEvent>): SiagaEvent {
  sequence += 1;
  return {
    ...emptyEvent(),
    '@timestamp': start + sequence * 1_000,
    'event.ingested': start + sequence * 1_000 + 5,
    'event.sequence': sequence,
    'event.dataset': 'access',
    'event.original': `line ${sequence}`,
    'siaga.source': 'web',
    ...fields,
  };
}

const login = (outcome: string, fields: Partial<SiagaEvent> = {}) =>
  event({ 'event.dataset': 'account', 'event.action': 'user-login', 'event.outcome': outcome, ...fields });

function frame(seq: number, at: number, logins: Frame['logins']): Frame {
  const kind = { registered: 38, present: 38 };
  return {
    seq,
    at,
    events: 10,
    unparsed: 0,
    signals: 0,
    logins,
    parties: [],
    partyFailures: {},
    topFailures: [],
    accounts: { national: kind, aceh: kind, absent: [], unknown: [] },
    sources: [],
    coverage: [],
    usualFailures: null,
    watermark: null,
  };
}

/** What every event store must do; run by each implementation over an empty store. */
export function describeEventStore(
  name: string,
  open: () => Promise<{ store: EventStore; close: () => Promise<void> }>,
): void {
  describe(`${name}: event store`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    const all: SiagaEvent[] = [
      event({
        'source.ip': '203.0.113.9',
        'url.path': '/a',
        'url.query': 'x=1',
        'http.response.status_code': 200,
        'http.response.body.bytes': 0,
      }),
      event({
        'source.ip': '2001:db8::7',
        'url.path': '/b',
        'http.response.status_code': 404,
        'log.file.id': 'f1',
        'log.offset': 0,
      }),
      event({
        'url.path': hostile,
        'user_agent.original': hostile,
        'event.original': hostile,
        'log.file.id': 'f1',
        'log.offset': 4_000_000_000,
      }),
      login('success', { 'user.name': 'operator07', 'organization.id': 'P07' }),
      login('failure', { 'user.name': hostile, 'source.ip': '203.0.113.9' }),
      login('failure', { 'event.type': 'denied', 'user.name': 'operator07', 'source.ip': '203.0.113.9' }),
      event({ 'event.dataset': 'signal', 'event.kind': 'alert', 'event.risk_score': 0 }),
      event({ 'event.dataset': 'unparsed', 'event.kind': 'pipeline_error', 'error.message': 'why' }),
    ];

    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    it('is empty at first', async () => {
      expect(await opened.store.newest()).toEqual({ sequence: 0, frame: 0 });
      expect(await opened.store.lastOffset('f1')).toBeNull();
      expect((await opened.store.list(hour, { limit: 10, before: null })).total).toBe(0);
    });

    it('gives back what was stored, to the letter, absent fields as null', async () => {
      await opened.store.insert(batchOf(all));
      const { events, total, next } = await opened.store.list(hour, { limit: 100, before: null });
      expect({ total, next }).toEqual({ total: all.length, next: null });
      const expected = [...all].reverse().map(({ 'url.original': _target, ...fields }) => fields);
      expect(events.map(({ 'url.original': _target, ...fields }) => fields)).toEqual(expected);
    });

    it('knows its newest sequence and the newest stored line of a file', async () => {
      expect((await opened.store.newest()).sequence).toBe(sequence);
      expect(await opened.store.lastOffset('f1')).toBe(4_000_000_000);
      expect(await opened.store.lastOffset('other')).toBeNull();
    });

    it('pages newest first without a gap or a repeat', async () => {
      const seen: unknown[] = [];
      let before: string | null = null;
      do {
        const page: Awaited<ReturnType<EventStore['list']>> = await opened.store.list(hour, {
          limit: 3,
          before,
        });
        seen.push(...page.events.map((each) => each['event.sequence']));
        before = page.next;
      } while (before !== null);
      expect(seen).toEqual(all.map((each) => each['event.sequence']).reverse());
    });

    it.each([
      ['an address', only('source.ip', '203.0.113.9'), 3],
      ['everything but an address', only('source.ip', '203.0.113.9', true), 5],
      ['hostile text', only('user.name', hostile), 1],
      ['a number', only('http.response.status_code', '404'), 1],
      ['the whole target', only('url.original', '/a?x=1'), 1],
      ['an absent text', only('user.name', ''), 5],
      ['a text that is there', only('user.name', '', true), 3],
      ['an absent number', only('event.risk_score', ''), 7],
      ['a score of 0, which is not absent', only('event.risk_score', '0'), 1],
      ['a time', only('@timestamp', String(start + 1_000)), 1],
      ['a substring of the raw line, whatever its case', { ...hour, text: 'drop TABLE' }, 1],
      ['nothing before the range', { ...hour, to: start + 1_000 }, 0],
      ['the first moment of the range', { ...hour, to: start + 1_001 }, 1],
    ])('finds %s', async (_what, query, count) => {
      expect((await opened.store.list(query, { limit: 100, before: null })).total).toBe(count);
    });

    it('counts logins by result over time', async () => {
      const histogram = await opened.store.histogram(hour, 60);
      const sum = (counts: number[]) => counts.reduce((a, b) => a + b, 0);
      expect(histogram).toMatchObject({ bucketMs: minute });
      expect(histogram.at).toHaveLength(60);
      expect([histogram.success, histogram.failure, histogram.blocked, histogram.other].map(sum)).toEqual([
        1, 1, 1, 5,
      ]);
    });

    it('names the most frequent values and how many there are', async () => {
      expect(await opened.store.top(hour, 'user.name', 1)).toEqual({
        field: 'user.name',
        values: [{ value: 'operator07', count: 2 }],
        distinct: 2,
      });
    });

    it('reads back what a restart must judge again, oldest first', async () => {
      const back = await opened.store.readBack(start, 100);
      expect(back.map((each) => each['event.sequence'])).toEqual([2, 4, 5, 6, 7]);
      expect((await opened.store.readBack(start, 2)).map((each) => each['event.sequence'])).toEqual([6, 7]);
    });

    it('stores frames, gives them back whole and sums their logins, each into the bucket of its second; what no frame covers is not heard', async () => {
      const frames = [
        frame(1, start + 1_000, { success: 1, failure: 2, blocked: 3 }),
        frame(2, start + minute, { success: 10, failure: 0, blocked: 0 }),
        frame(3, start + minute + 1_000, { success: 100, failure: 0, blocked: 0 }),
      ];
      for (const each of frames) await opened.store.insertFrame(each);
      expect(await opened.store.frames(start, start + 2 * minute)).toEqual(frames);
      expect((await opened.store.newest()).frame).toBe(3);
      expect(await opened.store.loginSeries(start, start + 3 * minute, minute)).toEqual({
        bucketMs: minute,
        at: [start, start + minute, start + 2 * minute],
        success: [11, 100, 0],
        failure: [2, 0, 0],
        blocked: [3, 0, 0],
        events: [20, 10, 0],
        heard: [2, 1, 0],
      });
    });

    it('stores nothing of a batch that it refuses', async () => {
      const { data, ends } = batchOf([event({}), event({})]);
      const refusal = await opened.store.insert({ data: data.slice(0, -3), ends }).then(
        () => null,
        (error: unknown) => refusalOf(error),
      );
      expect(refusal).toMatch(/Cannot read all data|end of file|EOF/i);
      expect((await opened.store.list(hour, { limit: 100, before: null })).total).toBe(all.length);
    });

    it('takes the raw line of a row, bytes that are no UTF-8 included, once salvaged', async () => {
      const writer = createRowWriter();
      writer.add(event({ 'event.original': `${hostile}\xff`, 'http.response.status_code': 200 }), false);
      await opened.store.insert(salvageRow(writer.take(), 'of no use'));
      const { events } = await opened.store.list(only('event.dataset', 'unparsed'), {
        limit: 1,
        before: null,
      });
      expect(events[0]).toMatchObject({
        'event.original': `${hostile}\xff`,
        'siaga.source': 'web',
        'event.kind': 'pipeline_error',
        'error.message': 'store: of no use',
        'http.response.status_code': null,
      });
    });

    it.each(['1970-01-02T00:00:00.001Z', '2001-09-09T01:46:39.999Z', '2199-12-31T23:59:59.999Z'])(
      'keeps the time %s',
      async (iso) => {
        const at = Date.parse(iso);
        const old = event({ '@timestamp': at });
        await opened.store.insert(batchOf([old]));
        const { events } = await opened.store.list(
          { ...hour, from: at, to: at + 1 },
          { limit: 2, before: null },
        );
        expect(events.map((each) => each['@timestamp'])).toEqual([at]);
      },
    );

    it('reads no history back, and counts none of it as late', async () => {
      const before = sequence;
      const old = { '@timestamp': start - 30 * 86_400_000, 'log.file.id': 'f9', 'siaga.source': 'import' };
      const history = login('failure', { ...old, 'log.offset': 0, 'siaga.history': 'import' });
      const live = login('failure', { ...old, 'log.offset': 80 });
      await opened.store.insert(batchOf([history, live]));
      const back = await opened.store.readBack(start, 100);
      expect(back.map((each) => each['event.sequence'])).not.toContain(before + 1);
      expect(back.at(-1)?.['event.sequence']).toBe(before + 2);
      expect((await opened.store.storedBeyond(before, 120_000)).minutes).toMatchObject([
        { source: 'import', stored: 2, late: 1 },
      ]);
    });

    it('counts the lines stored of a file', async () => {
      expect(await opened.store.storedOf('f9')).toBe(2);
      expect(await opened.store.storedOf('none')).toBe(0);
    });

    it('keeps bytes that are no UTF-8', async () => {
      const text = 'GET /\xff\xfe';
      const odd = event({ 'event.original': text, 'url.path': '/\xff\xfe' });
      const writer = createRowWriter();
      writer.add(odd, true);
      await opened.store.insert(writer.take());
      const { total } = await opened.store.list({ ...hour, text: 'GET /' }, { limit: 1, before: null });
      expect(total).toBe(1);
    });
  });
}
