import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Client, errors } from '@elastic/elasticsearch';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter as JsonExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtobufExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from '@opentelemetry/sdk-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimAdmin } from './claim-admin.ts';
import { privateFolder, startSiaga, writeRegister, type SiagaProcess } from './siaga-process.ts';

const tokenOf = (source: string) => `token-of-the-e2e-test-${source}`;
const sources = ['lines', 'elastic-bearer', 'elastic-key', 'helper', 'otlp-json', 'otlp-proto'];

let folder: Awaited<ReturnType<typeof privateFolder>>;
let siaga: SiagaProcess;
let cookie = '';

const day = 86_400_000;
const base = Date.now() - 3_600_000;

/** As an access log writes it. */
function logTime(time: number): string {
  const [, date, month, year, clock] = new Date(time).toUTCString().split(' ');
  return `${date}/${month}/${year}:${clock} +0000`;
}

const variableOf = (source: string) => `TOKEN_${source.replace('-', '_')}`;
const addressOf = (source: string) => `${siaga.url}/ingest/v1/${source}`;

type Stored = Record<string, string | number | null>;

/** All events of a source, oldest first. */
async function storedOf(source: string): Promise<Stored[]> {
  const events: Stored[] = [];
  let before: string | null = '';
  while (before !== null) {
    const query: string = `from=${base - day}&to=${base + day}&filter=siaga.source:${source}&limit=500`;
    const answer = await fetch(`${siaga.url}/api/events?${query}${before && `&before=${before}`}`, {
      headers: { cookie },
    });
    expect(answer.status).toBe(200);
    const page = (await answer.json()) as { events: Stored[]; next: string | null };
    events.push(...page.events);
    before = page.next;
  }
  return events.toSorted((a, b) => Number(a['event.sequence']) - Number(b['event.sequence']));
}

const loginOf = (number: number) => ({
  '@timestamp': new Date(base + number).toISOString(),
  event: { kind: 'event', category: ['authentication'], action: 'user-login', outcome: 'failure' },
  user: { name: `operator-${number}` },
  source: { ip: '192.0.2.44' },
  note: 'Ü\n"😀"',
});

beforeAll(async () => {
  folder = await privateFolder();
  const parties = await writeRegister(folder.folder);
  const config = join(folder.folder, 'siaga.yaml');
  const lines = sources.map(
    (id) => `  - { id: ${id}, kind: http, tokenEnv: ${variableOf(id)}, expectEvery: never }`,
  );
  await writeFile(config, [`parties: ${parties}`, 'sources:', ...lines, ''].join('\n'));
  siaga = await startSiaga({
    folder: folder.folder,
    args: ['--config', config],
    env: Object.fromEntries(sources.map((id) => [variableOf(id), tokenOf(id)])),
  });
  ({ cookie } = await claimAdmin(siaga.url, siaga.oneTimePassword()));
});
afterAll(async () => {
  await siaga?.stop();
  await folder?.remove();
});

describe('plain HTTP', () => {
  it('stores lines, a laid out array and a compressed body, each line once', async () => {
    const post = async (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) => {
      const answer = await fetch(addressOf('lines'), {
        method: 'POST',
        headers: { authorization: `Bearer ${tokenOf('lines')}`, ...headers },
        body,
      });
      return [answer.status, await answer.json()];
    };
    const items = [loginOf(1), loginOf(2)];
    expect(await post(JSON.stringify(items, null, 2), { 'content-type': 'application/json' })).toEqual([
      200,
      { received: 2, stored: 2, unparsed: 0, rejected: [], unparsedLines: [] },
    ]);
    expect(
      await post(new Uint8Array(gzipSync(`${JSON.stringify(loginOf(3))}\nno event\n`)), {
        'content-encoding': 'gzip',
      }),
    ).toEqual([
      200,
      {
        received: 2,
        stored: 2,
        unparsed: 1,
        rejected: [],
        unparsedLines: [{ line: 2, reason: expect.any(String) as string }],
      },
    ]);
    expect(
      (
        await post(new Uint8Array(gzipSync(Buffer.alloc(64 * 1024 * 1024))), { 'content-encoding': 'gzip' })
      )[0],
    ).toBe(413);
    const stored = await storedOf('lines');
    expect(stored.map((event) => event['event.dataset'])).toEqual([
      'account',
      'account',
      'account',
      'unparsed',
    ]);
    expect(JSON.parse(String(stored[0]?.['event.original']))).toEqual(items[0]);
  });
});

describe('the official Elasticsearch client', () => {
  it.each([
    ['elastic-bearer', { bearer: tokenOf('elastic-bearer') }],
    ['elastic-key', { apiKey: { id: 'siaga', api_key: tokenOf('elastic-key') } }],
  ])('%s is known to, and its bulk request is stored', async (source, auth) => {
    const client = new Client({ node: addressOf(source), auth, compression: true, maxRetries: 0 });
    expect(await client.ping()).toBe(true);
    expect((await client.info()).version.number).toBe('8.19.0');
    const documents = Array.from({ length: 200 }, (_value, number) => loginOf(number));
    const answer = await client.bulk({
      index: 'logs',
      operations: documents.flatMap((document) => [{ create: {} }, document]),
    });
    expect(answer.errors).toBe(false);
    expect(answer.items.map(({ create }) => create?.status)).toEqual(documents.map(() => 201));
    const mixed = await client.bulk({
      operations: [
        { index: { _index: 'logs', _id: '1' } },
        loginOf(200),
        { delete: { _id: '1', _index: 'logs' } },
      ],
    });
    expect(mixed).toMatchObject({
      errors: true,
      items: [{ index: { _id: '1', status: 201 } }, { delete: { status: 400 } }],
    });
    const stored = await storedOf(source);
    expect(stored.map((event) => event['user.name'])).toEqual(
      [...documents, loginOf(200)].map(({ user }) => user.name),
    );
    expect(stored.map((event) => JSON.parse(String(event['event.original'])) as unknown)).toEqual([
      ...documents,
      loginOf(200),
    ]);
    await client.close();
  });

  it('helper for bulk requests stores each document once, over many requests', async () => {
    const client = new Client({
      node: addressOf('helper'),
      auth: { username: 'any', password: tokenOf('helper') },
      compression: true,
    });
    const dropped: unknown[] = [];
    const stats = await client.helpers.bulk({
      datasource: Array.from({ length: 3_000 }, (_value, number) => loginOf(number)),
      onDocument: (document) =>
        document.user.name === 'operator-7'
          ? [{ update: { _index: 'l', _id: '7' } }, {}]
          : { index: { _index: 'l' } },
      onDrop: (document) => dropped.push(document.status),
      flushBytes: 40_000,
      concurrency: 4,
    });
    expect(stats).toMatchObject({ total: 3_000, successful: 2_999, failed: 1, retry: 0 });
    expect(dropped).toEqual([400]);
    const names = (await storedOf('helper')).map((event) => String(event['user.name']));
    expect(names).toHaveLength(2_999);
    expect(new Set(names).size).toBe(2_999);
    await client.close();
  });

  it('is told of a wrong token and of what is not served in its own words', async () => {
    const stranger = new Client({ node: addressOf('helper'), auth: { bearer: 'wrong' }, maxRetries: 0 });
    const refused = await stranger.bulk({ operations: [{ index: {} }, {}] }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(errors.ResponseError);
    expect((refused as errors.ResponseError).statusCode).toBe(401);
    const client = new Client({
      node: addressOf('helper'),
      auth: { bearer: tokenOf('helper') },
      maxRetries: 0,
    });
    const missing = await client.cluster.health().catch((error: unknown) => error);
    expect((missing as errors.ResponseError).statusCode).toBe(404);
    expect((await client.license.get()).license.status).toBe('active');
    await Promise.all([stranger.close(), client.close()]);
  });
});

type ExporterSettings = NonNullable<ConstructorParameters<typeof JsonExporter>[0]>;
// The enumeration's own package is none of ours.
const gzip = { compression: 'gzip' } as object as Pick<ExporterSettings, 'compression'>;

describe('the official OpenTelemetry SDK', () => {
  it.each([
    ['otlp-json', JsonExporter],
    ['otlp-proto', ProtobufExporter],
  ])('%s stores each record of a batch processor once', async (source, Exporter) => {
    const exporter: LogRecordExporter = new Exporter({
      url: `${addressOf(source)}/v1/logs`,
      headers: { Authorization: `Bearer ${tokenOf(source)}` },
      ...gzip,
    });
    const results: unknown[] = [];
    const watched: LogRecordExporter = {
      export: (records, done) =>
        exporter.export(records, (result) => {
          results.push(result.error ?? result.code);
          done(result);
        }),
      forceFlush: () => exporter.forceFlush(),
      shutdown: () => exporter.shutdown(),
    };
    const provider = new LoggerProvider({
      resource: resourceFromAttributes({
        'service.name': 'sipol',
        'host.name': 'app-1',
        'process.pid': 4711,
      }),
      processors: [
        new BatchLogRecordProcessor({ exporter: watched, maxExportBatchSize: 100, maxQueueSize: 10_000 }),
      ],
    });
    const logger = provider.getLogger('login', '1.0');
    const count = 1_000;
    for (let number = 0; number < count; number += 1)
      logger.emit({
        timestamp: base + number,
        severityNumber: SeverityNumber.WARN,
        severityText: 'Warning',
        body: `login ${number} Ü\n"😀"`,
        attributes: {
          'event.name': 'user-login',
          'event.outcome': 'failure',
          'enduser.id': `operator-${number}`,
          'client.address': '203.0.113.9',
          big: Number.MAX_SAFE_INTEGER,
        },
      });
    logger.emit({
      timestamp: base,
      body: `203.0.113.9 - - [${logTime(base)}] "GET /sipol/beranda HTTP/1.1" 200 5120`,
    });
    await provider.forceFlush();
    await provider.shutdown();
    expect(new Set(results)).toEqual(new Set([0]));
    expect(results.length).toBeGreaterThanOrEqual(11);
    const stored = await storedOf(source);
    expect(stored.slice(0, count).map((event) => event['user.name'])).toEqual(
      Array.from({ length: count }, (_value, number) => `operator-${number}`),
    );
    expect(stored).toHaveLength(count + 1);
    expect(stored[7]).toMatchObject({
      '@timestamp': base + 7,
      'event.dataset': 'account',
      'event.action': 'user-login',
      'event.outcome': 'failure',
      'source.ip': '203.0.113.9',
      'log.level': 'Warning',
      message: 'login 7 Ü\n"😀"',
      'service.name': 'sipol',
      'host.name': 'app-1',
      'process.pid': 4711,
    });
    expect(stored[count]).toMatchObject({ 'event.dataset': 'access', 'url.path': '/sipol/beranda' });
  });

  it('writes the same lines by JSON and by protobuf', async () => {
    const lines = async (source: string) =>
      (await storedOf(source)).map((event) =>
        String(event['event.original']).replace(/"observedTimeUnixNano":"\d+"/, ''),
      );
    expect(await lines('otlp-proto')).toEqual(await lines('otlp-json'));
  });
});
