import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { shippedRulesDir } from '../../dist/server/detect/load-rules.js';
import { createFileSource } from '../../dist/server/ingest/sources/file-source.js';
import { startPipeline } from '../../dist/server/pipeline/host.js';
import { createStoreWriter } from '../../dist/server/pipeline/store-writer.js';
import { openEmbeddedEventStore } from '../../dist/server/store/events/clickhouse-event-store.js';

/** Followed file → worker (parse, enrich, detect, aggregate) → event store, every insert synced to disk. Leaves the store for the next row. */
const [, , file, folder] = process.argv;
const data = join(folder, 'data');
rmSync(data, { recursive: true, force: true });

mkdirSync(data, { recursive: true });
const store = await openEmbeddedEventStore(join(data, 'events'));
const now = () => Date.now();
const logins = {
  method: 'POST',
  paths: ['/login', '/sipol/login'],
  success: [302],
  failure: [401],
  blocked: [429],
};
const expected = Number(process.env.SIAGA_BENCH_LINES ?? 1_000_000);
let stored = 0;
let onAll = () => undefined;
const all = new Promise((resolve) => void (onAll = resolve));
const pipeline = await startPipeline({
  setup: {
    sources: [{ id: 'nginx', kind: 'file', format: 'auto', logins, trustedProxies: [] }],
    parties: [],
    geo: { country: { kind: 'shipped' }, network: { kind: 'shipped' } },
    ruleDirs: [shippedRulesDir],
    signalAlertScore: 70,
    accounts: [],
    lastSequence: 0,
  },
  writer: createStoreWriter({ store, now, log: console.error }),
  now,
  onReceived: () => undefined,
  onSettled: ({ done }) => {
    stored += done.received;
    if (stored >= expected) onAll();
  },
  onDetections: () => undefined,
  onSecond: () => undefined,
  onFatal: (error) => {
    throw error;
  },
});
const files = new Map();
const source = createFileSource({
  source: 'nginx',
  paths: [file],
  start: 'beginning',
  memory: {
    all: () => Promise.resolve([...files.values()]),
    create: (each) => Promise.resolve(void files.set(each.id, each)),
    identify: () => Promise.resolve(),
    finish: () => Promise.resolve(),
    begin: () => Promise.resolve(null),
    alive: () => Promise.resolve(),
  },
  newId: () => 'bench',
  clock: () => performance.now(),
  now,
  log: console.error,
  reject: ({ reason }) => console.error(reason),
});
const ticking = setInterval(() => pipeline.tick(), 1_000);
const started = performance.now();
await source.start(pipeline.handOver);
await all;
const seconds = (performance.now() - started) / 1_000;
clearInterval(ticking);
const maxRssMiB = process.resourceUsage().maxRSS / 1_024;
await source.stop();
await pipeline.stop(10_000);
const { sequence } = await store.newest();
await store.close();
if (stored !== expected || sequence !== expected)
  throw new Error(`stored ${stored} of ${expected}, newest ${sequence}`);
console.log(JSON.stringify({ seconds, rows: stored, maxRssMiB }));
