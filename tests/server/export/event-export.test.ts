import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { exportEvents, sliceMs } from '../../../server/export/event-export.ts';
import { createPseudonyms } from '../../../server/personal/pseudonyms.ts';
import { createPersonalViews } from '../../../server/personal/view.ts';
import type { EventStore } from '../../../server/store/events/event-store.ts';
import type { StoredEvent } from '../../../shared/api/schemas.ts';
import { fieldNames } from '../../../shared/event/fields.ts';
import { event, openApi, type ApiDesk, type ApiOptions } from '../api/support.ts';
import { createMemoryEventStore } from '../api/memory-event-store.ts';

let api: ApiDesk;
afterEach(() => api.close());
const open = async (options: ApiOptions): Promise<void> => {
  api = await openApi(options);
};

const path = '/api/events/export?from=0&to=10000000';
const notes = async () =>
  (
    await api.desk.store.db
      .selectFrom('audit')
      .selectAll()
      .where('action', '!=', 'request:refused')
      .orderBy('seq')
      .execute()
  ).map((row) => ({
    ...row,
    detail: JSON.parse(row.detail) as Record<string, unknown>,
  }));

const many = Array.from({ length: 1_203 }, (_v, n) =>
  event({
    '@timestamp': 1_000 + n,
    'event.sequence': n,
    'source.ip': '203.0.113.9',
    'url.path': n === 0 ? '=cmd|x' : `/a,"${n}"`,
    'event.original': `line ${n}\r\n@SUM`,
  }),
);

describe('an export', () => {
  test('is CSV with all fields, formula-safe, newest first', async () => {
    await open({ events: many });
    const answer = await api.ask(path, { cookie: api.cookieOf('analyst') });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
    expect(answer.headers['content-disposition']).toMatch(
      /^attachment; filename="siaga-events-TLP-AMBER-\d{8}T\d{6}Z\.csv"$/,
    );
    expect(answer.headers['cache-control']).toBe('no-store');
    const rows = answer.text.split(/\r\n(?=\d{4}-|$)/);
    expect(rows[0]).toBe(fieldNames.join(','));
    expect(rows).toHaveLength(many.length + 2);
    expect(rows[1]).toMatch(/^1970-01-01T00:00:02\.202Z,/);
    expect(rows[1]).toContain(',203.0.113.9,');
    expect(rows[1]).toContain(',"/a,""1202""",');
    expect(rows[1]).toContain(`"line 1202\r\n'@SUM"`);
    expect(rows.at(-2)).toContain(",'=cmd|x,");
  });

  test('is one JSON object a line, with the fields that are there', async () => {
    await open({ events: many });
    const answer = await api.ask(`${path}&format=ndjson&limit=501`, { cookie: api.cookieOf('analyst') });
    expect(answer.headers['content-type']).toBe('application/x-ndjson');
    expect(answer.headers['content-disposition']).toContain('.ndjson"');
    const lines = answer.text.trimEnd().split('\n');
    expect(lines).toHaveLength(501);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      '@timestamp': '1970-01-01T00:00:02.202Z',
      'source.ip': '203.0.113.9',
      'event.original': 'line 1202\r\n@SUM',
    });
    expect(lines[0]).not.toContain('null');
  });

  test('is in the audit log with its query, count and end', async () => {
    await open({ events: many });
    const filter = encodeURIComponent('source.ip:203.0.113.9');
    await api.ask(`${path}&filter=${filter}`, { cookie: api.cookieOf('analyst') });
    expect(await notes()).toMatchObject([
      {
        action: 'events:exported',
        actor: 'anton',
        agency: 'KPU',
        via: 'web',
        outcome: 'done',
        detail: {
          count: 1_203,
          format: 'csv',
          ended: 'done',
          query: 'from=0&to=10000000&filter=source.ip%3A203.0.113.9',
        },
      },
    ]);
  });

  test.each([
    ['viewer', path, 403],
    ['analyst', `${path}&limit=50001`, 400],
    ['analyst', `${path}&format=xlsx`, 400],
    ['analyst', `${path}&file=x`, 400],
  ] as const)('is refused to %s of %s', async (role, target, status) => {
    await open({ events: many });
    expect((await api.ask(target, { cookie: api.cookieOf(role) })).status).toBe(status);
    expect(await notes()).toEqual([]);
  });

  test('has a head only where nothing is found', async () => {
    await open({});
    const answer = await api.ask(path, { cookie: api.cookieOf('analyst') });
    expect(answer.text).toBe(`${fieldNames.join(',')}\r\n`);
  });
});

describe('the rows of an export', () => {
  test('are made for a few milliseconds at a time, and other work has its turn in between', async () => {
    const { masked } = createPersonalViews(createPseudonyms(Buffer.alloc(32, 7)));
    let at = 0;
    let turns = 0;
    let isOver = false;
    const takeTurn = (): void => {
      turns += 1;
      if (!isOver) setImmediate(takeTurn);
    };
    const range = { from: 0, to: 10_000_000, filters: [], text: '' };
    await open({});
    const identity = api.desk.auth.identify({
      cookie: api.cookieOf('analyst'),
      authorization: undefined,
      address: '127.0.0.1',
    });
    if (!identity) throw new Error('the analyst is not signed in');
    const parts = {
      events: createMemoryEventStore(many),
      audit: api.audit,
      view: {
        ...masked,
        event: (each: StoredEvent) => {
          at += 1;
          return masked.event(each);
        },
      },
      identity,
      address: '127.0.0.1',
      // Each row takes a millisecond.
      now: () => at,
    };
    setImmediate(takeTurn);
    const rows: number[] = [];
    const order = { asked: range, search: range, format: 'ndjson', limit: many.length } as const;
    for await (const piece of exportEvents(parts, order)) rows.push(piece.split('\n').length - 1);
    isOver = true;
    expect(rows.reduce((sum, count) => sum + count, 0)).toBe(many.length);
    expect(Math.max(...rows)).toBe(sliceMs);
    expect(turns).toBeGreaterThanOrEqual(rows.length);
  });
});

/** A store that has a page more whenever it is asked. */
function endless(): { store: EventStore; asked: () => number } {
  let asked = 0;
  const events = Array.from({ length: 500 }, () => event({ 'event.original': 'x'.repeat(4_000) }));
  const page: EventStore['page'] = () => {
    asked += 1;
    return Promise.resolve({ events, next: 'more' });
  };
  return { store: { ...createMemoryEventStore([]), page }, asked: () => asked };
}

describe('an export under way', () => {
  /** The answer once its head is there; nothing of its body is read. */
  const begin = () =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const cookie = api.cookieOf('analyst');
      const target = { host: '127.0.0.1', port: api.port, path: `${path}&limit=50000`, headers: { cookie } };
      request(target, (response) => {
        response.pause();
        resolve(response);
      })
        .on('error', reject)
        .end();
    });

  test('is read from the store no faster than it is taken', async () => {
    const { store, asked } = endless();
    await open({ eventStore: store });
    const response = await begin();
    await vi.waitFor(() => expect(asked()).toBeGreaterThan(0));
    await new Promise((resolve) => void setTimeout(resolve, 300));
    expect(asked()).toBeLessThan(20);
    response.destroy();
    await vi.waitFor(async () => expect(await notes()).toMatchObject([{ detail: { ended: 'aborted' } }]));
  });

  test('breaks off within two seconds of the end of its session', async () => {
    const { store } = endless();
    await open({ eventStore: store });
    const response = await begin();
    const broken = new Promise((resolve) => void response.on('error', resolve));
    const ended = performance.now();
    await api.desk.auth.updateUser('anton', { role: 'viewer' });
    await vi.waitFor(
      async () => expect((await notes()).at(-1)).toMatchObject({ detail: { ended: 'aborted' } }),
      2_000,
    );
    expect(performance.now() - ended).toBeLessThan(2_000);
    // What was under way already can be read; then it is not whole, and says so.
    response.resume();
    expect(await broken).toMatchObject({ code: 'ECONNRESET' });
  });
});
