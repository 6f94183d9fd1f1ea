import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { policyTable } from '../../../server/api/routes.ts';
import { alertListSchema } from '../../../shared/api/schemas.ts';
import { wallDetails, type WallDetail } from '../../../shared/api/tokens.ts';
import { livePath } from '../../../shared/live/protocol.ts';
import { detection } from '../alerts/support.ts';
import { origin } from '../api/support.ts';
import { sentBack } from '../auth/support.ts';
import { canaries, frame, leaks, openCanaries, type CanaryDesk } from './canaries.ts';
import { openCanarySockets } from './canary-sockets.ts';

/** What no wall may hear beside personal data: who works here, what they wrote, and what no screen of a wall shows. */
const ofStaff = ['anton', 'admin', 'lina', 'called', 'benign', 'attack.t', 'true_positive'];
/** What only a wall that shows all may hear: what an alert is about. */
const subjects = /\b(?:ip|acct)-\w{12}\b/;

let api: CanaryDesk;
const cookies = {} as Record<WallDetail, string>;
beforeAll(async () => {
  api = await openCanaries();
  const { auth } = api.desk;
  const admin = auth.identify({ cookie: api.cookieOf('admin') });
  if (!admin) throw new Error('no session');
  for (const detail of wallDetails) {
    const settings = {
      name: 'Lobi',
      diagonalInch: 55,
      distanceM: 5,
      network: ['127.0.0.0/8'],
      expiresAt: null,
    };
    const made = await auth.walls.create(admin, { ...settings, detail });
    if (!made.ok) throw new Error(made.message);
    const { result } = await auth.walls.open(made.value.secret, '127.0.0.1');
    if (!result.ok) throw new Error(result.code);
    cookies[detail] = sentBack(result.value.cookie);
  }
  const [owned] = await api.alerts.raise([
    detection({ id: 'd2', key: { 'user.name': canaries.name, 'url.path': '/x' }, parties: ['p2'] }),
  ]);
  await api.alerts.acknowledge(owned?.alert.id ?? '', 'anton');
}, 30_000);
afterAll(() => api.close());

const leaksIn = (text: string): string[] =>
  [...leaks, ...ofStaff].filter((leak) => text.toLowerCase().includes(leak));

const gets = policyTable.filter(({ method, access }) => method === 'GET' && access !== 'shell');
/** All that the screen of a wall asks for, and what is for everybody. */
const asked = ['/api/wall-session', '/api/trend', '/api/alerts', '/api/alerts/:id'];

describe.each(wallDetails)('to a wall that shows %s', (detail) => {
  test.each(gets.map(({ path, access }) => ({ path, access })))('$path', async ({ path, access }) => {
    const targets = api.reads[path] ?? [path];
    for (const target of targets) {
      const answer = await api.ask(target, { cookie: cookies[detail] });
      expect(leaksIn(answer.text), target).toEqual([]);
      expect(leaksIn(JSON.stringify(answer.headers)), target).toEqual([]);
      expect(answer.text).not.toContain('127.0.0.0');
      if (detail !== 'full') expect(answer.text).not.toMatch(subjects);
      if (access === 'public' || access === 'token') continue;
      const isLetIn = asked.includes(path) && (detail !== 'figures' || !path.startsWith('/api/alerts'));
      expect(answer.status, target).toBe(isLetIn ? 200 : 403);
    }
  });
});

test.each(['titles', 'full'] as const)(
  'alerts of a wall that shows %s are what its screen shows',
  async (detail) => {
    const { alerts } = alertListSchema.parse(
      (await api.ask('/api/alerts?status=all', { cookie: cookies[detail] })).json,
    );
    const blank = { count: 0, detections: 0, firstSeen: 0, lastSeen: 0, closed: null };
    const isFull = detail === 'full';
    const [open, closed] = [
      alerts.find(({ status }) => status === 'new'),
      alerts.find(({ status }) => status === 'closed'),
    ];
    expect(open).toEqual({
      ...blank,
      id: expect.any(String) as string,
      rule: {
        id: 'brute-force',
        title: expect.anything() as object,
        short: expect.anything() as object,
        tags: [],
      },
      severity: expect.any(String) as string,
      status: 'new',
      key: isFull ? { 'user.name': expect.stringMatching(/^acct-/) as string } : {},
      parties: ['p2'],
      createdAt: expect.any(Number) as number,
      owner: isFull ? '' : null,
      acknowledged: { by: '', at: 0 },
    });
    expect(open?.rule.title.id).not.toBe('');
    expect(closed).toEqual({
      ...blank,
      id: expect.any(String) as string,
      rule: { id: '', title: { id: '', en: '' }, short: { id: '', en: '' }, tags: [] },
      severity: expect.any(String) as string,
      status: 'closed',
      key: {},
      parties: [],
      createdAt: expect.any(Number) as number,
      owner: null,
      acknowledged: null,
    });
  },
);

describe('a socket', () => {
  let sockets: Awaited<ReturnType<typeof openCanarySockets>>;
  beforeAll(async () => void (sockets = await openCanarySockets(api)));
  afterAll(() => sockets.close());

  /** All that comes in by a socket with that cookie while alerts are worked on, as text. */
  async function heard(cookie: string): Promise<string> {
    const socket = io(sockets.url, {
      path: livePath,
      transports: ['websocket'],
      forceNew: true,
      extraHeaders: { cookie, origin },
    });
    const seen: unknown[] = [];
    socket.onAny((...message: unknown[]) => void seen.push(message));
    seen.push(await socket.emitWithAck('live:subscribe', { frameSeq: null, alertCursor: null }));
    seen.push(await socket.emitWithAck('live:subscribe', { frameSeq: null, alertCursor: 0 }));
    seen.push(await socket.emitWithAck('frames:resync', { after: 0 }));
    const arrived = new Promise((resolve) => void socket.once('frame:sent', resolve));
    const id = /[^/]+$/.exec(api.reads['/api/alerts/:id']?.[0] ?? '')?.[0] ?? '';
    await api.alerts.reopen(id, 'anton');
    await api.alerts.acknowledge(id, 'anton');
    await api.alerts.close(id, 'anton', { verdict: 'benign', reason: `${canaries.target} called again` });
    const sending = setInterval(() => sockets.live.sendFrame(frame), 20);
    await arrived;
    clearInterval(sending);
    socket.disconnect();
    return JSON.stringify(seen);
  }

  test.each(wallDetails)('tells a wall that shows %s what it shows, and nothing else', async (detail) => {
    const text = await heard(cookies[detail]);
    expect(text).toMatch(/frame:sent/);
    expect(leaksIn(text)).toEqual([]);
    expect(subjects.test(text)).toBe(detail === 'full');
    expect(text.includes('alerts:changed')).toBe(detail !== 'figures');
    expect(text.includes('"closed"')).toBe(detail !== 'figures');
    expect(text).not.toMatch(/"missed":\[[^\]]/);
    // No history: who acknowledged, closed and reopened it, and when, is not told.
    expect(text).not.toMatch(/"kind":"acknowledged"|"note":"|"actor":"/);
    expect(text).not.toMatch(/"(?:lastSeen|firstSeen|count|events|watermark)":[1-9]/);
  });

  test('tells an analyst who and why', async () => {
    const text = await heard(api.cookieOf('analyst'));
    for (const word of ['anton', 'called again', canaries.name, canaries.address])
      expect(text).toContain(word);
  });
});
