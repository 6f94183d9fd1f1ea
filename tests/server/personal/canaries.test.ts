import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { policyTable } from '../../../server/api/routes.ts';
import { createPseudonyms } from '../../../server/personal/pseudonyms.ts';
import { createPersonalViews } from '../../../server/personal/view.ts';
import { eventListSchema, histogramSchema } from '../../../shared/api/schemas.ts';
import { fieldNames, type FieldName } from '../../../shared/event/fields.ts';
import { isPseudonym, personalFields } from '../../../shared/event/personal-fields.ts';
import { livePath } from '../../../shared/live/protocol.ts';
import { origin } from '../api/support.ts';
import { sentBack } from '../auth/support.ts';
import { canaries, events, frame, leaks, openCanaries, range, type CanaryDesk } from './canaries.ts';
import { openCanarySockets } from './canary-sockets.ts';

let api: CanaryDesk;
const cookies: Record<string, string> = {};
beforeAll(async () => {
  api = await openCanaries();
  cookies['a viewer of KPU'] = api.cookieOf('viewer');
  cookies['an analyst of BRIN'] = await cookieIn('BRIN');
  cookies['an analyst of KPU'] = api.cookieOf('analyst');
}, 30_000);
afterAll(() => api.close());

/** An analyst of an agency, signed in. */
async function cookieIn(agency: string): Promise<string> {
  const { auth } = api.desk;
  const created = await auth.createUser({ name: 'brina', role: 'analyst', agency });
  if (!created.ok) throw new Error(created.message);
  const once = created.value.oneTimePassword;
  const from = { address: '192.0.2.1', userAgent: 'a browser' };
  const signedIn = await auth.signIn({ name: 'brina', password: once, ...from, cookieHeader: undefined });
  const identity = signedIn.ok ? auth.identify({ cookie: sentBack(signedIn.value.cookie) }) : null;
  if (!identity) throw new Error('not signed in');
  const passwords = { current: once, next: 'kunci-yang-panjang-2026' };
  const changed = await auth.changePassword(identity, passwords, from);
  if (!changed.ok) throw new Error(changed.message);
  return sentBack(changed.value.cookie);
}

const ask = (who: string, path: string) => api.ask(path, { cookie: cookies[who] });
const leaksIn = (text: string): string[] => leaks.filter((leak) => text.toLowerCase().includes(leak));

const gets = policyTable.filter(
  ({ method, access }) => method === 'GET' && access !== 'token' && access !== 'shell',
);

describe.each(['a viewer of KPU', 'an analyst of BRIN'])('to %s', (who) => {
  test.each(gets.map(({ path }) => path))('%s tells nothing personal', async (path) => {
    const targets = api.reads[path];
    expect(targets, `${path} must be read here too`).toBeDefined();
    for (const target of targets ?? []) {
      const answer = await ask(who, target);
      expect(leaksIn(answer.text), target).toEqual([]);
      expect(leaksIn(JSON.stringify(answer.headers)), target).toEqual([]);
    }
  });

  test.each(['acknowledge', 'close', 'reopen'])('%s tells nothing personal', async (step) => {
    const id = api.reads['/api/alerts/:id']?.[0] ?? '';
    const body = step === 'close' ? { body: { verdict: 'benign', reason: 'fine' } } : {};
    const answer = await api.ask(`${id}/${step}`, { method: 'POST', cookie: cookies[who], ...body });
    expect(leaksIn(answer.text)).toEqual([]);
  });
});

test('an analyst of KPU is shown all of it', async () => {
  let all = '';
  for (const path of [
    '/api/events',
    '/api/alerts',
    '/api/alerts/:id',
    '/api/ledger',
    '/api/parties',
    '/api/parties/:id',
  ])
    for (const target of api.reads[path] ?? []) all += (await ask('an analyst of KPU', target)).text;
  for (const canary of Object.values(canaries)) expect(all).toContain(canary);
  const file = await ask('an analyst of KPU', api.reads['/api/events/export']?.[0] ?? '');
  expect(file.text).toContain(canaries.address);
});

describe('a search of somebody who sees no personal data', () => {
  const viewer = 'a viewer of KPU';
  const search = (kind: string, filter: string) =>
    ask(viewer, `/api/events${kind}?${range}&filter=${encodeURIComponent(filter)}`);
  /** Everything of an answer but how long it took. */
  const facts = (text: string): string => text.replace(/"tookMs":[\d.e-]+/, '');

  const guesses: [there: string, absent: string][] = [
    [canaries.address, '203.0.113.98'],
    ['2001:db8::beef:7', '2001:db8::beef:8'],
    [canaries.claimed, '198.51.100.69'],
    [canaries.name, 'siti.tiada'],
    [canaries.target, 'wayan.tiada'],
    [canaries.mail, 'ketut.tiada@partai.example'],
    [`/u/${canaries.name}`, '/u/siti.tiada'],
    [`${canaries.target} was locked by ${canaries.name}`, 'wayan.tiada was locked by siti.tiada'],
    [`https://${canaries.mail}/x?name=${canaries.target}`, 'https://b@c.example/x?name=d'],
    [`odd login from ${canaries.address}`, 'odd login from 203.0.113.98'],
    ['203-0-113-97.isp.example', '203-0-113-98.isp.example'],
    [`bot (${canaries.mail})`, 'bot (a@b.example)'],
    ['/home/putu.kenari', '/home/putu.tiada'],
    ['https://sipol.example/rumah/PUTU%2Ekenari', 'https://sipol.example/rumah/PUTU%2Etiada'],
  ];

  test.each(guesses)(
    'does not tell that %s is there',
    async (there, absent) => {
      for (const field of fieldNames) {
        for (const exclude of ['', '!']) {
          const [one, other] = [`${exclude}${field}:${there}`, `${exclude}${field}:${absent}`];
          const answers = [await search('/histogram', one), await search('/histogram', other)];
          expect(facts(answers[0]?.text ?? ''), one).toBe(facts(answers[1]?.text ?? ''));
        }
      }
    },
    60_000,
  );

  test('finds no text in raw lines', async () => {
    const answers = [canaries.address, 'tiada'].map((text) =>
      ask(viewer, `/api/events?${range}&text=${text}`),
    );
    for (const answer of await Promise.all(answers)) {
      expect(answer.status).toBe(403);
      expect(answer.json).toMatchObject({ error: { code: 'personal-data' } });
    }
  });

  test('works by pseudonym: filters, facets and figures are those of the value behind it', async () => {
    const list = eventListSchema.parse((await ask(viewer, `/api/events?${range}`)).json);
    const masked = list.events.toReversed();
    for (const [index, event] of events.entries()) {
      for (const field of [
        'source.ip',
        'user.name',
        'user.target.name',
        'siaga.signal.subject',
      ] as FieldName[]) {
        const value = event[field];
        const pseudonym = masked[index]?.[field];
        if (value === null || typeof pseudonym !== 'string') continue;
        expect(isPseudonym(pseudonym)).toBe(true);
        const clear = `${field}:${String(value)}`;
        const target = (filter: string) =>
          `/api/events/histogram?${range}&filter=${encodeURIComponent(filter)}`;
        const seen = histogramSchema.parse((await ask(viewer, target(`${field}:${pseudonym}`))).json);
        const known = histogramSchema.parse((await ask('an analyst of KPU', target(clear))).json);
        expect({ ...seen, tookMs: 0 }).toEqual({ ...known, tookMs: 0 });
        expect(seen.other.reduce((sum, count) => sum + count)).toBeGreaterThan(0);
      }
    }
  });

  test('lists a field by pseudonym, and a text without what names its event', async () => {
    const top = async (field: string) => (await ask(viewer, `/api/events/top?${range}&field=${field}`)).json;
    expect(await top('user.name')).toMatchObject({ distinct: 2, values: [{ count: 2 }, { count: 1 }] });
    expect(await top('url.path')).toMatchObject({ values: [] });
    expect(await top('event.dataset')).toMatchObject({
      distinct: 4,
      values: [{ value: 'access', count: 2 }, {}, {}, {}],
    });
    expect(await top('event.original')).toMatchObject({ error: { code: 'personal-data' } });
  });
});

test('every pseudonym is the same in events, alerts, parties and frames', async () => {
  const views = createPersonalViews(createPseudonyms(Buffer.alloc(32, 7)));
  const text = (await ask('a viewer of KPU', `/api/events?${range}`)).text;
  const alert = (await ask('a viewer of KPU', '/api/alerts?status=all')).text;
  const party = (await ask('a viewer of KPU', '/api/parties/p1')).text;
  const [address = '', address6 = ''] = views.masked.frame(frame).topFailures.map(([name]) => name);
  for (const answer of [text, alert, party]) expect(answer).toContain(address);
  for (const answer of [text, party]) expect(answer).toContain(address6);
});

test('what is shown of a line is what its fields show', async () => {
  const list = eventListSchema.parse((await ask('a viewer of KPU', `/api/events?${range}`)).json);
  const access = list.events.at(-1);
  expect(access?.['event.original']).toMatch(/^ip-\w{12} - acct-\w{12} \[…\] "… \/u\/acct-\w{12}\?/);
  expect(access?.['source.geo.country_iso_code']).toBe('ID');
  expect(access?.['url.original']).toMatch(/^\/u\/acct-\w{12}\?\[withheld\]$/);
});

describe('a socket', () => {
  let sockets: Awaited<ReturnType<typeof openCanarySockets>>;
  beforeAll(async () => void (sockets = await openCanarySockets(api)));
  afterAll(() => sockets.close());

  /** All that comes in by a socket of that asker, as text. */
  async function heard(who: string): Promise<string> {
    const socket = io(sockets.url, {
      path: livePath,
      transports: ['websocket'],
      forceNew: true,
      extraHeaders: { cookie: cookies[who] ?? '', origin },
    });
    const seen: unknown[] = [];
    socket.onAny((...message: unknown[]) => void seen.push(message));
    seen.push(await socket.emitWithAck('live:subscribe', { frameSeq: null, alertCursor: null }));
    seen.push(await socket.emitWithAck('live:subscribe', { frameSeq: null, alertCursor: 0 }));
    seen.push(await socket.emitWithAck('frames:resync', { after: 0 }));
    const arrived = new Promise((resolve) => void socket.once('frame:sent', resolve));
    const id = /[^/]+$/.exec(api.reads['/api/alerts/:id']?.[0] ?? '')?.[0] ?? '';
    await api.alerts.reopen(id, 'anton');
    await api.alerts.close(id, 'anton', { verdict: 'benign', reason: `${canaries.target} called again` });
    // A frame is sent only while nothing else waits to go out.
    const sending = setInterval(() => sockets.live.sendFrame(frame), 20);
    await arrived;
    clearInterval(sending);
    socket.disconnect();
    return JSON.stringify(seen);
  }

  test.each(['a viewer of KPU', 'an analyst of BRIN'])('tells %s nothing personal', async (who) => {
    const text = await heard(who);
    expect(text).toMatch(/frame:sent/);
    expect(text).toMatch(/alerts:changed/);
    expect(text).toMatch(/ip-\w{12}/);
    expect(leaksIn(text)).toEqual([]);
  });

  test('tells an analyst of KPU all', async () => {
    const text = await heard('an analyst of KPU');
    for (const canary of [canaries.address, canaries.address6, canaries.name, canaries.target])
      expect(text).toContain(canary);
  });
});

test('every field has its class, and only enumerations and figures are plain', () => {
  expect(Object.keys(personalFields).toSorted()).toEqual(fieldNames.toSorted());
});
