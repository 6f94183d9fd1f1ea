import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApi, type ApiDesk, type Asked } from './support.ts';

const secret = 'siaga_api_Zk9QvT3mXw81LrB5';

let api: ApiDesk;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

/** What the log tells of one request. */
async function toldOf(path: string, asked: Asked = {}) {
  const before = api.log.length;
  await api.ask(path, asked);
  await expect.poll(() => api.log.slice(before).some(({ event }) => event === 'request:answered')).toBe(true);
  return api.log.slice(before).filter(({ event }) => event === 'request:answered');
}

const admin = (): Asked => ({ cookie: api.cookieOf('admin') });

describe('the log of requests', () => {
  it('says who asked what, and how it was answered, at level debug', async () => {
    expect(await toldOf('/api/users', admin())).toEqual([
      {
        level: 'debug',
        event: 'request:answered',
        user: 'admin',
        address: '127.0.0.1',
        detail: 'GET /api/users 200 0 ms',
      },
    ]);
  });

  it.each([
    ['a query', `/api/alerts?status=open&token=${secret}`, 'GET /api/alerts 400 0 ms'],
    ['a path that leads nowhere', `/${secret}`, 'GET (no such path) 404 0 ms'],
    ['what stands for an id that nobody has', `/api/alerts/${secret}`, 'GET /api/alerts/:id 404 0 ms'],
  ])('tells nothing of a secret in %s', async (_where, path, detail) => {
    const [told] = await toldOf(path, admin());
    expect(told?.detail).toBe(detail);
    expect(JSON.stringify(told)).not.toContain(secret);
  });

  it.each([
    ['nobody', {}, undefined, 401],
    ['who may not', { role: 'viewer' as const }, 'vera', 403],
  ])('names %s as far as it is known', async (_who, { role }: { role?: 'viewer' }, user, status) => {
    const [told] = await toldOf('/api/users', role ? { cookie: api.cookieOf(role) } : {});
    expect([told?.user, told?.detail]).toEqual([user, `GET /api/users ${status} 0 ms`]);
  });
});
