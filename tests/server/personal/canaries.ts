import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedEventStore } from '../../../server/store/events/clickhouse-event-store.ts';
import { batchOf } from '../../../server/store/events/row-writer.ts';
import { emptyEvent } from '../../../shared/event/empty-event.ts';
import type { SiagaEvent } from '../../../shared/event/fields.ts';
import type { Frame } from '../../../shared/live/frame.ts';
import { openApi, type ApiDesk } from '../api/support.ts';
import { detection } from '../alerts/support.ts';

/** Personal values put into everything that Siaga keeps; one of these anywhere is a leak. */
export const canaries = {
  address: '203.0.113.97',
  address6: '2001:DB8:0::BEEF:7',
  proxy: '198.51.100.61',
  claimed: '198.51.100.62',
  name: 'siti.kenari',
  target: 'wayan.kenari',
  subject: 'made.kenari',
  mail: 'ketut.kenari@partai.example',
  unheard: 'nyoman.kenari',
} as const;

/** What none of the answers may hold, in small letters. */
export const leaks = [
  '203.0.113.97',
  '203%2e0',
  '2001:db8',
  'beef',
  '198.51.100.6',
  'kenari',
  'kata-kunci-rahasia',
];

export const at = 1_763_999_990_000;
const rangeOf = `from=${at - 60_000}&to=${at + 60_000}`;

const line = `${canaries.address} - ${canaries.name} [24/Nov] "GET /u/${canaries.name}?ip=203%2E0.113.97&t=kata-kunci-rahasia HTTP/1.1" "${canaries.mail}" "${canaries.claimed}"`;

const filled: Partial<SiagaEvent>[] = [
  {
    'event.dataset': 'access',
    'event.original': line,
    'source.ip': canaries.address,
    'siaga.proxy.ip': canaries.proxy,
    'siaga.forwarded_for': `${canaries.claimed}, 203.0.113.97`,
    'user.name': canaries.name,
    'url.path': `/u/${canaries.name}`,
    'url.query': 'ip=203%2E0.113.97&t=kata-kunci-rahasia',
    'url.domain': '203-0-113-97.isp.example',
    'http.request.referrer': `https://${canaries.mail}/x?name=${canaries.target}`,
    'user_agent.original': `bot (${canaries.mail})`,
    'http.request.id': canaries.address,
    'siaga.upstream.address': `${canaries.proxy}:80`,
    'host.name': canaries.proxy,
    'event.hash': 'kata-kunci-rahasia',
    'source.geo.country_iso_code': 'ID',
  },
  {
    'event.dataset': 'account',
    'event.action': 'account-locked',
    'event.reason': `${canaries.target} was locked by ${canaries.name}`,
    'source.ip': canaries.address6,
    'user.name': canaries.name,
    'user.target.name': canaries.target,
    'organization.id': 'p1',
    'event.original': `{"x":"${canaries.unheard}","y":"2001:db8::beef:7"}`,
  },
  {
    'event.dataset': 'signal',
    'event.kind': 'alert',
    'rule.name': `odd login from ${canaries.address}`,
    'siaga.signal.subject': canaries.subject,
    'event.original': `signal ${canaries.subject}`,
  },
  {
    'event.dataset': 'unparsed',
    'event.kind': 'pipeline_error',
    'error.message': `no parser took ${canaries.name}`,
    'event.original': `what ${canaries.unheard} did from 203.0.113.97`,
    message: `user ${canaries.unheard} was not found`,
  },
];

/** Named with its domain, as Windows does; its path has the name alone. */
filled.push({
  'event.dataset': 'access',
  'user.name': String.raw`KPU\putu.kenari`,
  'url.path': '/home/putu.kenari',
  'http.request.referrer': 'https://sipol.example/rumah/PUTU%2Ekenari',
  'event.original': String.raw`KPU\putu.kenari /home/putu.kenari`,
});

export const events: SiagaEvent[] = filled.map((fields, index) => ({
  ...emptyEvent(),
  '@timestamp': at + index,
  'event.ingested': at + index,
  'event.sequence': index + 1,
  'siaga.source': 'web',
  ...fields,
}));

export const frame: Frame = {
  seq: 1,
  at,
  events: 4,
  unparsed: 1,
  signals: 1,
  logins: { success: 0, failure: 0, blocked: 0 },
  parties: [],
  partyFailures: {},
  topFailures: [
    [canaries.address, 9],
    [canaries.address6, 4],
  ],
  accounts: {
    national: { registered: 2, present: 0 },
    aceh: { registered: 0, present: 0 },
    absent: [],
    unknown: [canaries.mail],
  },
  sources: [],
  coverage: [],
  usualFailures: null,
  watermark: null,
};

export interface CanaryDesk extends ApiDesk {
  /** Path and query of each read there is, with ids and ranges that find something. */
  readonly reads: Readonly<Record<string, readonly string[]>>;
}

/** The API over a ClickHouse store, alerts, accounts, books and a frame that are full of canaries. */
export async function openCanaries(): Promise<CanaryDesk> {
  const folder = mkdtempSync(join(tmpdir(), 'siaga-personal-'));
  const store = await openEmbeddedEventStore(join(folder, 'events'));
  await store.insert(batchOf(events));
  const api = await openApi({
    eventStore: store,
    frame,
    registeredAccounts: [{ party: 'p1', user: canaries.unheard, role: null, shared: false }],
    ledger: ({ from, to }) =>
      Promise.resolve({
        from,
        to,
        since: 0,
        balanced: true,
        sources: [],
        minutes: [],
        differences: [],
        rejections: [
          { source: 'web', at, lines: 1, reason: `Code: 27: cannot parse '${canaries.name}'`, sample: line },
          { source: 'web', at, lines: 1, reason: 'frame-too-long', sample: '' },
        ],
      }),
  });
  await fillBooks(api);
  const [changed] = await api.alerts.raise([
    detection({
      key: {
        'source.ip': canaries.address,
        'user.name': canaries.name,
        'rule.name': `of ${canaries.address}`,
      },
      parties: ['p1', canaries.mail],
    }),
  ]);
  const id = changed?.alert.id ?? '';
  await api.alerts.close(id, 'anton', { verdict: 'benign', reason: `${canaries.target} called, it was her` });
  const { close } = api;
  return {
    ...api,
    reads: readsOf(id),
    close: async () => {
      await close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function fillBooks(api: ApiDesk): Promise<void> {
  const login = { party: 'p1', at, action: 'user-login', login: true } as const;
  await api.accounts.record([
    { ...login, user: canaries.name, address: canaries.address, roles: `admin ${canaries.mail}` },
    { ...login, user: canaries.subject, address: canaries.address6 },
    {
      ...login,
      user: canaries.target,
      action: 'account-locked',
      login: false,
      by: canaries.name,
      address: canaries.address,
    },
    { ...login, user: canaries.name, party: canaries.mail },
  ]);
}

const readsOf = (alert: string): CanaryDesk['reads'] => ({
  '/healthz': ['/healthz'],
  '/readyz': ['/readyz'],
  '/metrics': ['/metrics'],
  '/api/session': ['/api/session'],
  '/api/users': ['/api/users'],
  '/api/session/list': ['/api/session/list'],
  '/api/session/second-factor': ['/api/session/second-factor'],
  '/api/users/:name/sessions': ['/api/users/anton/sessions'],
  '/api/users/:name/tokens': ['/api/users/anton/tokens'],
  '/api/tokens': ['/api/tokens'],
  '/api/walls': ['/api/walls'],
  '/api/wall-session': ['/api/wall-session'],
  '/api/oidc': ['/api/oidc'],
  '/api/oidc/begin': ['/api/oidc/begin'],
  '/api/oidc/callback': ['/api/oidc/callback'],
  '/api/oidc/signed-out': ['/api/oidc/signed-out'],
  '/api/audit': ['/api/audit'],
  '/api/audit/head': ['/api/audit/head'],
  '/api/limits': ['/api/limits'],
  '/api/trend': ['/api/trend'],
  '/api/alerts': ['/api/alerts?status=all'],
  '/api/alerts/:id': [`/api/alerts/${alert}`],
  '/api/ledger': ['/api/ledger'],
  '/api/parties': ['/api/parties'],
  '/api/parties/:id': ['/api/parties/p1', `/api/parties/${encodeURIComponent(canaries.mail)}`],
  '/api/events': [`/api/events?${rangeOf}`],
  '/api/events/histogram': [`/api/events/histogram?${rangeOf}`],
  '/api/events/export': ['csv', 'ndjson'].map((format) => `/api/events/export?${rangeOf}&format=${format}`),
  '/api/events/top': Object.keys(emptyEvent()).map((field) => `/api/events/top?${rangeOf}&field=${field}`),
});

export const range = rangeOf;
