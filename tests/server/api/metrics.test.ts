import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMetricsHandler } from '../../../server/api/metrics-handler.ts';
import { frameOf, metricsOf, seriesOf, sourceOf } from '../metrics/support.ts';
import { openApi, type ApiDesk } from './support.ts';

const token = 'a-token-of-those-who-scrape-01';
const metrics = metricsOf();
metrics.second(frameOf([sourceOf('web')]), { keys: 0, capped: [], faulty: [], late: 0 });

let api: ApiDesk;
let closed: ApiDesk;
beforeAll(async () => {
  const tokenSha256 = createHash('sha256').update(token).digest('hex');
  api = await openApi({ metrics: createMetricsHandler({ ...metrics, tokenSha256 }) });
  closed = await openApi({ metrics: createMetricsHandler({ ...metrics, tokenSha256: null }) });
});
afterAll(async () => {
  await api.close();
  await closed.close();
});

const scrape = (desk: ApiDesk, authorization?: string, more: Record<string, string> = {}) =>
  desk.ask('/metrics', { headers: { ...(authorization === undefined ? {} : { authorization }), ...more } });

describe('GET /metrics', () => {
  it('is the text format, for who has the token, by whatever name the server is asked', async () => {
    const answer = await scrape(api, `Bearer ${token}`, { host: '192.0.2.5' });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(seriesOf(answer.text).get('siaga_source_stored_lines_total{source="web",kind="file"}')).toBe(115);
  });

  it.each([
    ['no token', undefined],
    ['another token', `Bearer ${token}x`],
    ['a part of it', `Bearer ${token.slice(0, -1)}`],
    ['another scheme', `Basic ${token}`],
    ['nothing after the scheme', 'Bearer '],
    ['two tokens', `Bearer ${token} ${token}`],
  ])('is refused with %s, without a word of what is there', async (_, authorization) => {
    const answer = await scrape(api, authorization);
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, 'Bearer realm="metrics"']);
    expect(answer.text).not.toContain('siaga_');
  });

  it("does not take a session for a token, not even an administrator's", async () => {
    expect((await api.ask('/metrics', { cookie: api.cookieOf('admin') })).status).toBe(401);
  });

  it('is not there while no token is configured', async () => {
    for (const authorization of [undefined, `Bearer ${token}`, 'Bearer null'])
      expect((await scrape(closed, authorization)).status).toBe(404);
  });
});
