import { expect, it } from 'vitest';
import { routes } from '../../../server/api/routes.ts';
import { isDeeperThan } from '../../../server/api/json-depth.ts';
import { defaultLimits, type Limits } from '../../../server/limits/limits.ts';
import { limitsAnswerSchema } from '../../../shared/api/limits.ts';
import { openApi, type ApiDesk } from './support.ts';

async function withApi(
  options: Parameters<typeof openApi>[0],
  use: (api: ApiDesk, lastHour: (name: keyof Limits) => Promise<number | undefined>) => Promise<void>,
): Promise<void> {
  const api = await openApi(options);
  const lastHour = async (name: keyof Limits) => {
    const { json } = await api.ask('/api/limits', { cookie: api.cookieOf('viewer') });
    return limitsAnswerSchema.parse(json).limits.find((limit) => limit.name === name)?.lastHour;
  };
  try {
    await use(api, lastHour);
  } finally {
    await api.close();
  }
}

it('S-13: every route that takes a body takes no byte more than its limit', () =>
  withApi({}, async (api, lastHour) => {
    const bodies = routes.filter(({ takes }) => takes !== null);
    expect(bodies.length).toBeGreaterThan(3);
    for (const { method, path, takes } of bodies) {
      const answer = await api.ask(path.replaceAll(/:[a-z]+/g, 'none'), {
        method,
        cookie: api.cookieOf('admin'),
        raw: `"${'x'.repeat(defaultLimits.bodyBytes - 1)}"`,
        ...(takes === 'form' && { headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
      });
      expect([method, path, answer.status]).toEqual([method, path, 413]);
    }
    expect(await lastHour('bodyBytes')).toBe(bodies.length);
  }));

it('JSON that nests deeper than its limit is refused before it is read', () =>
  withApi({}, async (api, lastHour) => {
    const { jsonDepth } = defaultLimits;
    const post = (raw: string) => api.ask('/api/session', { method: 'POST', raw });
    expect((await post('['.repeat(30_000))).status).toBe(400);
    expect((await post(`${'{"a":'.repeat(jsonDepth + 1)}1${'}'.repeat(jsonDepth + 1)}`)).status).toBe(400);
    expect(await lastHour('jsonDepth')).toBe(2);
  }));

it.each([
  ['[[1]]', 2, false],
  ['[[[1]]]', 2, true],
  ['"[[[["', 2, false],
  ['"\\"[[["', 2, false],
  ['[{"a":["]"]}]', 3, false],
  ['[{"a":["]",{}]}]', 3, true],
])('%s nests deeper than %i levels: %s', (text, levels, deeper) => {
  expect(isDeeperThan(Buffer.from(text), levels)).toBe(deeper);
});

it('an address that asks too often is told to wait, others are not', () =>
  withApi(
    { limits: { ...defaultLimits, requestsPerSecond: 5 }, trustedProxies: ['127.0.0.1'] },
    async (api, lastHour) => {
      const ask = (address: string) =>
        api.ask('/healthz', { headers: { 'x-forwarded-for': address } }).then(({ status }) => status);
      for (let n = 0; n < 25; n += 1) expect(await ask('203.0.113.9')).toBe(200);
      expect(await ask('203.0.113.9')).toBe(429);
      expect(await ask('198.51.100.1, 203.0.113.9')).toBe(429);
      expect(await ask('203.0.113.10')).toBe(200);
      api.desk.clock.now += 5_000;
      expect(await ask('203.0.113.9')).toBe(200);
      expect(await lastHour('requestsPerSecond')).toBe(2);
    },
  ));

it('searches are put off while the event loop is late; what is light is answered', () =>
  withApi({ delayMs: defaultLimits.eventLoopDelay + 1 }, async (api, lastHour) => {
    const cookie = api.cookieOf('viewer');
    expect((await api.ask('/api/events?from=0&to=1', { cookie })).status).toBe(503);
    expect((await api.ask('/api/session', { cookie })).status).toBe(200);
    expect(await lastHour('eventLoopDelay')).toBe(1);
  }));

it('S-12: a query too long, or of too many parameters, is refused and counted', () =>
  withApi({}, async (api, lastHour) => {
    const cookie = api.cookieOf('viewer');
    const long = 'x'.repeat(defaultLimits.queryLength);
    expect((await api.ask(`/api/events?text=${long}`, { cookie })).status).toBe(400);
    for (const notation of ['filter=a&', 'filter[]=a&', 'a&'])
      expect((await api.ask(`/api/events?${notation.repeat(1_000)}`, { cookie })).status).toBe(400);
    expect(await lastHour('queryLength')).toBe(1);
    expect(await lastHour('queryParameters')).toBe(3);
  }));
