import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Express, RequestHandler } from 'express';
import { createAccountBook, type AccountBook } from '../../../server/accounts/account-book.ts';
import { createAuditLog, type AuditLog } from '../../../server/audit/audit-log.ts';
import { createAuditTrail, type AuditTrail } from '../../../server/audit/audit-trail.ts';
import { createApi } from '../../../server/api/create-api.ts';
import { createMetricsHandler } from '../../../server/api/metrics-handler.ts';
import type { LogEntry, Services } from '../../../server/api/services.ts';
import type { Oidc } from '../../../server/auth/oidc/oidc.ts';
import { createPseudonyms } from '../../../server/personal/pseudonyms.ts';
import { createPersonalViews } from '../../../server/personal/view.ts';
import { createEdge, type Edge } from '../../../server/edge/edge.ts';
import { defaultLimits, type Limits } from '../../../server/limits/limits.ts';
import type { EventStore } from '../../../server/store/events/event-store.ts';
import type { Auth } from '../../../server/auth/auth.ts';
import { createAlertBook, type AlertBook } from '../../../server/alerts/alert-book.ts';
import { fieldNames, type SiagaEvent } from '../../../shared/event/fields.ts';
import type { Frame } from '../../../shared/live/frame.ts';
import type { Party, RegisteredAccount } from '../../../shared/party.ts';
import type { Role } from '../../../shared/role.ts';
import { rule } from '../alerts/support.ts';
import { addUser, claimAdmin, openAuth, type AuthDesk } from '../auth/support.ts';
import { createMemoryEventStore } from './memory-event-store.ts';

export const origin = 'https://siaga.example';

export const parties: Party[] = [
  { id: 'p1', name: 'Partai Satu', kind: 'national', number: 1, expectedSince: '2020-01-01' },
  { id: 'p2', name: 'Partai Dua', kind: 'national', number: 2, expectedSince: '2020-01-01' },
];

export const event = (changes: Partial<SiagaEvent>): SiagaEvent => ({
  ...(Object.fromEntries(fieldNames.map((name) => [name, null])) as unknown as SiagaEvent),
  '@timestamp': 1_000,
  'event.ingested': 1_000,
  'event.sequence': 1,
  'event.kind': 'event',
  'event.dataset': 'access',
  'event.original': 'GET /',
  'siaga.source': 'web',
  ...changes,
});

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** The body as JSON; `undefined` when it is none. */
  json: unknown;
}

export interface Asked {
  method?: string;
  headers?: Record<string, string | string[]>;
  cookie?: string | undefined;
  /** Sent as JSON; with `raw` as it is. */
  body?: unknown;
  raw?: string | Buffer;
}

export interface ApiDesk {
  app: Express;
  port: number;
  desk: AuthDesk;
  alerts: AlertBook;
  accounts: AccountBook;
  audit: AuditLog;
  trail: AuditTrail;
  log: LogEntry[];
  isReady: { now: boolean };
  ask(path: string, asked?: Asked): Promise<Answer>;
  /** Cookie of a signed-in user of that role. */
  cookieOf(role: Role): string;
  close(): Promise<void>;
}

export interface ApiOptions {
  events?: readonly SiagaEvent[];
  eventStore?: EventStore;
  ledger?: Services['ledger'];
  ingest?: RequestHandler;
  metrics?: RequestHandler;
  secureCookies?: boolean;
  frame?: Frame;
  registeredAccounts?: readonly RegisteredAccount[];
  /** Made over the same users. */
  oidc?: (desk: AuthDesk) => Oidc;
  /** Browsers' origins; `origin` unless given. */
  origins?: readonly string[];
  /** Listens already, where the port must be known before; one of its own unless given. */
  server?: Server;
  limits?: Limits;
  trustedProxies?: readonly string[];
  /** Delay of the event loop, ms. */
  delayMs?: number;
  /** Stands between the API and the real `auth`, to let in who has no session. */
  wrapAuth?: (auth: Auth) => Auth;
}

const emptyLedger: Services['ledger'] = ({ from, to }) =>
  Promise.resolve({
    from,
    to,
    since: 0,
    balanced: true,
    sources: [],
    minutes: [],
    differences: [],
    rejections: [],
  });

const noMetrics = { text: () => Promise.resolve(''), contentType: 'text/plain' };

const serverOf = ({ origins = [origin], secureCookies = false }: ApiOptions) => ({
  host: '127.0.0.1',
  port: 0,
  origins,
  secureCookies,
  tls: null,
  trustedProxies: [],
});

const edgeOf = (options: ApiOptions, now: () => number, log: (entry: LogEntry) => void): Edge =>
  createEdge({
    // Tests ask faster than people.
    limits: options.limits ?? { ...defaultLimits, requestsPerSecond: 10_000 },
    trustedProxies: options.trustedProxies ?? [],
    delayMs: () => options.delayMs ?? 0,
    now,
    log,
  });

/** The whole API on a loopback port, over stores in memory, with one user of each role. */
export async function openApi(options: ApiOptions = {}): Promise<ApiDesk> {
  const desk = await openAuth({ secureCookies: serverOf(options).secureCookies });
  const { store, clock } = desk;
  const auth = options.wrapAuth?.(desk.auth) ?? desk.auth;
  const now = () => clock.now;
  let ids = 0;
  const alerts = createAlertBook({
    db: store.db,
    ruleOf: (id) => rule(id),
    now,
    newId: () => `a${(ids += 1)}`,
  });
  const accounts = await createAccountBook({
    db: store.db,
    parties,
    registeredAccounts: options.registeredAccounts ?? [],
    now,
  });
  const clientDir = await writeClient();
  const log: LogEntry[] = [];
  const isReady = { now: true };
  const audit = createAuditLog({ db: store.db, now });
  const trail = await createAuditTrail({
    db: store.db,
    audit,
    dataDir: clientDir,
    target: null,
    now,
    log: (entry) => log.push(entry),
  });
  const app = createApi({
    auth,
    oidc: options.oidc?.(desk) ?? null,
    audit,
    trail,
    alerts,
    accounts,
    parties,
    newestFrame: () => options.frame ?? null,
    clientDir,
    now,
    personal: createPersonalViews(createPseudonyms(Buffer.alloc(32, 7)), parties),
    events: options.eventStore ?? createMemoryEventStore(options.events ?? []),
    configuration: {
      server: serverOf(options),
    },
    edge: edgeOf(options, now, (entry) => log.push(entry)),
    ingest: options.ingest ?? ((_request, response) => void response.status(202).end()),
    metrics: options.metrics ?? createMetricsHandler({ tokenSha256: null, ...noMetrics }),
    ledger: options.ledger ?? emptyLedger,
    ready: () => isReady.now,
    log: (entry) => log.push(entry),
  });
  const server = await serve(app, options.server);
  const { port } = server.address() as AddressInfo;
  const cookies = await signInAll(desk);
  return {
    app,
    port,
    desk,
    alerts,
    accounts,
    audit,
    trail,
    log,
    isReady,
    ask: (path, asked = {}) => send(port, path, asked),
    cookieOf: (role) => cookies[role],
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(clientDir, { recursive: true });
      await store.close();
    },
  };
}

async function serve(app: Express, given?: Server): Promise<Server> {
  const server = given ?? (await listenOnLoopback());
  return server.on('request', app);
}

/** A server on a free port of the loopback that answers nothing yet. */
export async function listenOnLoopback(): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function signInAll({ auth }: AuthDesk): Promise<Record<Role, string>> {
  return {
    admin: await claimAdmin(auth),
    viewer: await addUser(auth, 'vera', 'viewer'),
    analyst: await addUser(auth, 'anton', 'analyst'),
    lead: await addUser(auth, 'lina', 'lead'),
  };
}

async function writeClient(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'siaga-client-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Siaga</title>');
  await writeFile(join(folder, 'siaga.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(join(folder, 'assets', 'main-1a2b3c4d.js'), 'export {};');
  await writeFile(join(folder, '.secret'), 'no');
  return folder;
}

function send(port: number, path: string, asked: Asked): Promise<Answer> {
  const { method = 'GET', cookie, body, raw } = asked;
  const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const headers: Record<string, string | string[]> = {
    ...(method === 'GET' ? {} : { origin }),
    ...(cookie === undefined ? {} : { cookie }),
    ...(content === undefined ? {} : { 'content-type': 'application/json' }),
    ...(content === undefined ? {} : { 'content-length': String(Buffer.byteLength(content)) }),
    ...asked.headers,
  };
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const { statusCode: status = 0, headers: answered } = response;
        resolve({ status, headers: answered, text, json: parse(text) });
      });
    });
    request.on('error', reject);
    request.end(content);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
