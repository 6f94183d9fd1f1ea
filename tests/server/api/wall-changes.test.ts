import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  createdWallSchema,
  wallAnswerSchema,
  wallListSchema,
  wallSessionSchema,
} from '../../../shared/api/tokens.ts';
import { openApi, type ApiDesk, type Answer } from './support.ts';

let api: ApiDesk;
beforeEach(async () => {
  api = await openApi();
});
afterEach(() => api.close());

const codeOf = ({ status, json }: Answer) => [status, (json as { error?: { code?: string } }).error?.code];
const wall = { name: 'Lobi', diagonalInch: 55, distanceM: 5, detail: 'full', network: ['127.0.0.0/8'] };

async function hang(role: 'lead' | 'admin' = 'admin') {
  const made = await api.ask('/api/walls', { method: 'POST', cookie: api.cookieOf(role), body: wall });
  const { address, wall: created } = createdWallSchema.parse(made.json);
  const token = address.split('#token=')[1];
  const opened = await api.ask('/api/wall-session', { method: 'POST', body: { token } });
  return { id: created.id, cookie: opened.headers['set-cookie']?.[0]?.split(';')[0] ?? '' };
}
const change = (id: string, body: unknown, role: 'analyst' | 'lead' | 'admin' = 'admin') =>
  api.ask(`/api/walls/${id}`, { method: 'PATCH', cookie: api.cookieOf(role), body });
const noted = async () => {
  const rows = await api.desk.store.db.selectFrom('audit').selectAll().orderBy('seq').execute();
  return rows
    .filter(({ action }) => action === 'wall:changed')
    .map(({ actor, agency, target, outcome, address, detail }) => ({
      who: `${actor} ${agency} ${address}`,
      what: `${target} ${outcome}`,
      detail: JSON.parse(detail ?? 'null') as unknown,
    }));
};

describe('PATCH /api/walls/:id', () => {
  test('changes what is named, and notes what it was before and is after', async () => {
    const { id, cookie } = await hang();
    const answer = await change(id, {
      detail: 'titles',
      network: ['127.0.0.0/8', '2001:db8::/32'],
      name: 'Aula',
    });
    expect(answer.status).toBe(200);
    expect(wallAnswerSchema.parse(answer.json).wall).toMatchObject({
      name: 'Aula',
      settings: { diagonalInch: 55, distanceM: 5, detail: 'titles' },
    });
    expect(await noted()).toEqual([
      {
        who: 'admin KPU 127.0.0.1',
        what: 'wall Lobi done',
        detail: {
          id,
          before: { name: 'Lobi', detail: 'full', network: ['127.0.0.0/8'] },
          after: { name: 'Aula', detail: 'titles', network: ['127.0.0.0/8', '2001:db8::/32'] },
        },
      },
    ]);
    const own = await api.ask('/api/wall-session', { cookie });
    expect(wallSessionSchema.parse(own.json)).toMatchObject({ name: 'Aula', settings: { detail: 'titles' } });
  });

  test('that changes nothing is answered and not noted', async () => {
    const { id } = await hang();
    expect((await change(id, { detail: 'full', network: wall.network })).status).toBe(200);
    expect(await noted()).toEqual([]);
  });

  test('takes alerts away from the next request on', async () => {
    const { id, cookie } = await hang();
    expect((await api.ask('/api/alerts', { cookie })).status).toBe(200);
    await change(id, { detail: 'figures' });
    expect((await api.ask('/api/alerts', { cookie })).status).toBe(403);
    await change(id, { network: ['192.0.2.0/24'] });
    expect((await api.ask('/api/trend', { cookie })).status).toBe(401);
  });

  test('is for leads of its agency and admins', async () => {
    const { id } = await hang('lead');
    expect(codeOf(await change(id, { name: 'A' }, 'analyst'))).toEqual([403, 'forbidden']);
    expect((await change(id, { name: 'B' }, 'lead')).status).toBe(200);
    await api.desk.store.db.updateTable('tokens').set({ agency: 'BSSN' }).execute();
    expect(codeOf(await change(id, { name: 'C' }, 'lead'))).toEqual([404, 'not-found']);
    expect((await change(id, { name: 'D' }, 'admin')).status).toBe(200);
    const list = await api.ask('/api/walls', { cookie: api.cookieOf('admin') });
    expect(wallListSchema.parse(list.json).walls).toMatchObject([{ name: 'D' }]);
  });

  test.each([
    [{}],
    [{ detail: 'everything' }],
    [{ diagonalInch: 9 }],
    [{ distanceM: 61 }],
    [{ distanceM: null }],
    [{ network: ['192.0.2.0'] }],
    [{ network: Array.from({ length: 9 }, () => '192.0.2.0/24') }],
    [{ name: 'a\u202eb' }],
    [{ name: 'Aula', expiresAt: null }],
    [{ name: 'Aula', agency: 'BSSN' }],
    [{ name: 'Aula', owner: 'anton' }],
    [{ settings: { detail: 'titles' } }],
    [[]],
  ])('refuses %j and changes nothing', async (body) => {
    const { id } = await hang();
    expect(codeOf(await change(id, body))).toEqual([400, 'invalid']);
    const list = await api.ask('/api/walls', { cookie: api.cookieOf('admin') });
    expect(wallListSchema.parse(list.json).walls).toMatchObject([
      { name: 'Lobi', agency: 'KPU', owner: 'admin', settings: { detail: 'full', network: wall.network } },
    ]);
  });
});
