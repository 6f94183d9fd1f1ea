import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sourceFormats } from '../../server/config/source-formats.ts';
import { createLineParser } from '../../server/ingest/parsers/line-parser.ts';
import { routeRows } from '../server/api/route-rows.ts';
import { openApi, type ApiDesk } from '../server/api/support.ts';

const depths = Array.from({ length: 50 }, (_value, index) => index + 1);

/** JSON that would set `polluted` on what all objects have in common, that deep in objects and in lists. */
function payloads(depth: number): string[] {
  const poison = [
    '{"__proto__":{"polluted":true}}',
    '{"constructor":{"prototype":{"polluted":true}}}',
    '{"__proto__.polluted":true,"constructor.prototype.polluted":true}',
  ];
  return poison.flatMap((text) => [
    '{"a":'.repeat(depth - 1) + text + '}'.repeat(depth - 1),
    `{"a":${'['.repeat(depth)}${text}${']'.repeat(depth)}}`,
    '{"__proto__":'.repeat(depth) + text + '}'.repeat(depth),
  ]);
}

const own = Object.getOwnPropertyNames(Object.prototype).toSorted();
function expectClean(): void {
  expect(Object.getOwnPropertyNames(Object.prototype).toSorted()).toEqual(own);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  expect(([] as unknown as Record<string, unknown>)['polluted']).toBeUndefined();
}

describe.each(sourceFormats)('a line for the %s parser', (format) => {
  it('cannot change what objects are, however deep', () => {
    const parse = createLineParser(format);
    const at = '"@timestamp":"2026-11-23T06:52:04.000Z","event.category":"web",';
    for (const depth of depths) {
      for (const text of payloads(depth)) {
        const event = parse(`{${at}${text.slice(1)}`, 1_764_000_000_000);
        expect(Object.getPrototypeOf(event)).not.toHaveProperty('polluted');
      }
    }
    expectClean();
  });
});

describe('a body or a query of the API', () => {
  let api: ApiDesk;
  beforeAll(async () => {
    api = await openApi();
  });
  afterAll(() => api.close());

  const taking = routeRows.filter(({ line, body, endsSession }) => {
    const isApi = / \/api\//.test(line);
    return isApi && body !== undefined && !endsSession;
  });

  it.each(taking)('cannot change what objects are: $line', async ({ line, ask }) => {
    const method = line.split(' ')[1] ?? '';
    for (const depth of depths) {
      for (const raw of payloads(depth)) {
        const { status } = await api.ask(ask, { method, raw, cookie: api.cookieOf('admin') });
        expect(status).toBeLessThan(500);
        expect(status).not.toBe(201);
      }
    }
    expectClean();
  });

  it.each([
    '__proto__[polluted]=1',
    '__proto__.polluted=1',
    'constructor[prototype][polluted]=1',
    '__proto__=1',
  ])('cannot change what objects are: ?%s', async (query) => {
    for (const path of ['/api/alerts', '/api/events', '/api/trend', '/api/users']) {
      const { status } = await api.ask(`${path}?${query}`, { cookie: api.cookieOf('admin') });
      expect(status).toBe(400);
    }
    expectClean();
  });
});
