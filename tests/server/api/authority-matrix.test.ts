import { existsSync } from 'node:fs';
import { createHash } from 'node:crypto';
import type { Express, RequestHandler } from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { policyTable } from '../../../server/api/routes.ts';
import { createMetricsHandler } from '../../../server/api/metrics-handler.ts';
import { createIngestHandler } from '../../../server/ingest/ingest-handler.ts';
import { createHttpSource } from '../../../server/ingest/sources/http-source.ts';
import { errorSchema } from '../../../shared/api/schemas.ts';
import { grantsOfRole, permissions, type Permission, type Scope } from '../../../shared/authority.ts';
import { roles } from '../../../shared/role.ts';
import { createTaker } from '../../contract/source.suite.ts';
import {
  askers,
  createAskers,
  ingestToken,
  metricsToken,
  otherAgency,
  ownAgency,
  withInjected,
  type Asker,
  type Standing,
} from './askers.ts';
import { objectPath, routeRows, type RouteRow } from './route-rows.ts';
import { openApi, type Answer, type ApiDesk } from './support.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const taker = createTaker();

async function ingestOf(): Promise<RequestHandler> {
  const source = createHttpSource({
    source: 'matrix',
    tokenSha256: sha256(ingestToken),
    isStoreFailing: () => false,
    onStoreFailing: () => () => undefined,
    committed: () => Promise.resolve(),
    findBatch: () => Promise.resolve(null),
    repeat: () => undefined,
    log: () => undefined,
    schedule: () => ({ cancel: () => undefined }),
  });
  await source.start(taker.handOver);
  const answer = createIngestHandler([source]);
  return (request, response, next) => {
    const path = request.path.split('/').slice(4);
    const id = String(request.params['source']);
    answer(request, response, id, path.map((part) => `/${part}`).join('')).catch(next);
  };
}

let api: ApiDesk;
let people: Awaited<ReturnType<typeof createAskers>>;
beforeAll(async () => {
  api = await openApi({
    wrapAuth: withInjected,
    ingest: await ingestOf(),
    metrics: createMetricsHandler({
      tokenSha256: sha256(metricsToken),
      text: () => Promise.resolve(''),
      contentType: 'text/plain',
    }),
  });
  people = await createAskers(api.desk);
});
afterAll(async () => {
  taker.release();
  await api.close();
});

interface Line {
  readonly access: (typeof policyTable)[number]['access'];
  readonly method: string;
  readonly path: string;
}

function lineOf({ line }: RouteRow): Line {
  const [, access = '', method = '', path = ''] = /^(\S+): (\S+) (\S+)$/.exec(line) ?? [];
  return { access: access as Line['access'], method, path };
}

const kindFor = { session: 'user', wall: 'wall' } as const;
const tokenFor = (path: string): Asker['opens'] => (path === '/metrics' ? 'metrics' : 'ingest');

/** What the rules say, as `status code`: from `shared/authority.ts` alone. */
function expected(row: RouteRow, { standing, opens }: Asker): string {
  const { access, path } = lineOf(row);
  const letIn = String(row.answers);
  if (access === 'public' || access === 'shell') return letIn;
  if (access === 'token') return opens === tokenFor(path) ? letIn : '401';
  if (!standing) return '401 unauthenticated';
  if (access === 'session' || access === 'wall')
    return standing.kind === kindFor[access] ? letIn : '403 forbidden';
  return dueOf(standing) ?? (standing.grants[access] ? letIn : '403 forbidden');
}

function dueOf({ due }: Standing): string | null {
  if (due === 'password') return '403 must-change-password';
  return due === 'second-factor' ? '403 second-factor-due' : null;
}

function told(row: RouteRow, { status, json }: Answer): string {
  const isRefusal = status === 401 || status === 403;
  if (!isRefusal || lineOf(row).access === 'token') return String(status);
  return `${status} ${errorSchema.parse(json).error.code}`;
}

async function askAs(row: RouteRow, name: string, path = row.ask): Promise<Answer> {
  const { access, method } = lineOf(row);
  const headers = row.endsSession ? await people.fresh(name) : people.headersOf(name);
  // A source sends no origin, and lines as they are.
  const raw = typeof row.body === 'string' ? row.body : undefined;
  const body = raw === undefined ? row.body : undefined;
  return api.ask(path, {
    method,
    headers: access === 'token' ? { ...headers, 'content-type': 'application/json' } : headers,
    ...(body === undefined ? {} : { body }),
    ...(raw === undefined ? {} : { raw }),
  });
}

describe('who may ask for what', () => {
  test.each(routeRows)('$line', async (row) => {
    const answers: [string, string][] = [];
    // What ends all other sessions of a user would end those of the matrix.
    const asked = askers.filter((asker) => !row.endsOthers || expected(row, asker) !== String(row.answers));
    for (const { name } of asked) answers.push([name, told(row, await askAs(row, name))]);
    expect(answers).toEqual(asked.map((asker) => [asker.name, expected(row, asker)]));
  });

  test('names every route, with who may: a route without a row is not asked', () => {
    expect(policyTable.map(({ method, path, access }) => `${access}: ${method} ${path}`).toSorted()).toEqual(
      routeRows.map(({ line }) => line).toSorted(),
    );
  });

  test('names each route once', () => {
    const names = policyTable.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(names).size).toBe(names.length);
  });

  test('names every route of the app, and no other', () => {
    expect(routesOf(api.app).toSorted()).toEqual(
      policyTable.map(({ method, path }) => `${method} ${path}`).toSorted(),
    );
  });
});

const hasAgencyScope = (access: string): access is Permission =>
  (permissions as readonly string[]).includes(access) &&
  roles.some((role) => grantsOfRole[role][access as Permission] === 'agency');

const scoped = routeRows.filter((row) => hasAgencyScope(lineOf(row).access));
const overseers = askers.filter(({ standing }) => standing?.kind === 'user' && standing.due === null);

describe('what is of one agency', () => {
  test('has a way to be looked at in every route for it', () => {
    expect(scoped.filter(({ agency }) => agency === undefined)).toEqual([]);
    for (const { agency } of scoped) if (agency?.kind === 'test') expect(existsSync(agency.file)).toBe(true);
  });

  test.each(
    scoped
      .filter(({ agency }) => agency?.kind !== 'test')
      .flatMap((row) =>
        overseers.flatMap((asker) => {
          const scope: Scope | undefined = asker.standing?.grants[lineOf(row).access as Permission];
          return scope ? [{ row, line: row.line, asker, who: asker.name, scope }] : [];
        }),
      ),
  )('$line told to $who: $scope', async ({ row, asker, scope }) => {
    const own = asker.standing?.agency ?? '';
    const seen = new Set<string>();
    for (const agency of [ownAgency, otherAgency]) {
      const answer = await askAs(row, asker.name, objectPath(row, agency));
      if (row.agency?.kind === 'list') for (const one of row.agency.agencies(answer.json)) seen.add(one);
      else if (row.agency?.kind === 'object' && answer.status === row.agency.answers) seen.add(agency);
      else expect(answer.status).toBe(404);
    }
    if (scope === 'agency') expect([...seen]).toEqual([own]);
    else expect([...seen]).toEqual(expect.arrayContaining([ownAgency, otherAgency]));
  });
});

interface Layer {
  route?: { path: string | string[]; methods: Record<string, boolean> };
}

/** What Express itself would answer, read from its router. */
function routesOf(app: Express): string[] {
  const { stack } = app.router as unknown as { stack: Layer[] };
  return stack.flatMap(({ route }) =>
    route === undefined
      ? []
      : [route.path]
          .flat()
          .flatMap((path) => Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${path}`)),
  );
}
