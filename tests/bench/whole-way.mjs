import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { shippedRulesDir } from '../../dist/server/detect/load-rules.js';
import { createFileSource } from '../../dist/server/ingest/sources/file-source.js';
import { startPipeline } from '../../dist/server/pipeline/host.js';
import { createStoreWriter } from '../../dist/server/pipeline/store-writer.js';
import { openEmbedded } from '../../dist/server/store/events/clickhouse-connection.js';
import { openEmbeddedEventStore } from '../../dist/server/store/events/clickhouse-event-store.js';

/**
 * Followed files → worker (parse, enrich, detect, aggregate) → event store, every insert synced to disk. Leaves the store for the
 * next row. Options: `sources` (the file is cut into so many), `durable` (false: inserts are not synced), `burst` (a steady rate
 * of 10,000 lines a second, then ten seconds of them at once).
 */
const [, , file, folder, given = '{}'] = process.argv;
const { sources: count = 1, durable = true, burst = false } = JSON.parse(given);
const data = join(folder, 'data');
rmSync(data, { recursive: true, force: true });
mkdirSync(data, { recursive: true });

const store = await openEmbeddedEventStore(join(data, 'events'));
if (!durable) {
  const connection = await openEmbedded(join(data, 'events'));
  await connection.command(
    'ALTER TABLE events MODIFY SETTING fsync_after_insert = 0, fsync_part_directory = 0',
  );
  await connection.close();
}
const now = () => Date.now();
const logins = {
  method: 'POST',
  paths: ['/login', '/sipol/login'],
  success: [302],
  failure: [401],
  blocked: [429],
};
const expected = Number(process.env.SIAGA_BENCH_LINES ?? 1_000_000);
const shipped = { kind: 'shipped' };
const ids = Array.from({ length: count }, (_value, index) => `nginx-${index}`);
let stored = 0;
let wanted = expected;
let onAll = () => undefined;
const untilAll = (lines) => {
  wanted = lines;
  return stored >= lines ? Promise.resolve() : new Promise((resolve) => void (onAll = resolve));
};
const pipeline = await startPipeline({
  setup: {
    sources: ids.map((id) => ({ id, kind: 'file', format: 'auto', logins, trustedProxies: [] })),
    parties: [],
    geo: { country: shipped, network: shipped },
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
    if (stored >= wanted) onAll();
  },
  onDetections: () => undefined,
  onAccounts: () => undefined,
  onSecond: () => undefined,
  onFatal: (error) => {
    throw error;
  },
});

/** A memory that forgets: each run begins anew. */
const memory = {
  all: () => Promise.resolve([]),
  create: () => Promise.resolve(),
  identify: () => Promise.resolve(),
  finish: () => Promise.resolve(),
  begin: () => Promise.resolve(null),
  alive: () => Promise.resolve(),
};
const follow = (id, path) =>
  createFileSource({
    source: id,
    paths: [path],
    start: 'beginning',
    memory,
    newId: () => id,
    clock: () => performance.now(),
    now,
    log: console.error,
    reject: ({ reason }) => console.error(reason),
  });

/** Cuts the file into as many as there are sources, between lines. */
function parts() {
  if (count === 1) return [file];
  const bytes = readFileSync(file);
  let at = 0;
  return ids.map((id, index) => {
    const goal = Math.floor((bytes.length * (index + 1)) / count);
    const end = index === count - 1 ? bytes.length : bytes.indexOf(10, goal) + 1;
    const path = join(data, `${id}.log`);
    const to = openSync(path, 'w');
    writeSync(to, bytes, at, end - at);
    closeSync(to);
    at = end;
    return path;
  });
}

const ticking = setInterval(() => pipeline.tick(), 1_000);
const result = burst ? await measureBurst() : await measureAll();
clearInterval(ticking);
const maxRssMiB = process.resourceUsage().maxRSS / 1_024;
const cpu = process.cpuUsage();
await pipeline.stop(10_000);
await store.close();
console.log(
  JSON.stringify({ ...result, rows: stored, maxRssMiB, cpuSeconds: (cpu.user + cpu.system) / 1e6 }),
);

async function measureAll() {
  const followed = parts().map((path, index) => follow(ids[index], path));
  const started = performance.now();
  for (const source of followed) await source.start(pipeline.handOver);
  await untilAll(expected);
  const seconds = (performance.now() - started) / 1_000;
  for (const source of followed) await source.stop();
  if (stored !== expected) throw new Error(`stored ${stored} of ${expected}`);
  return { seconds };
}

async function measureBurst() {
  const rate = 10_000;
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, rate * 10);
  const path = join(data, 'burst.log');
  const to = openSync(path, 'a');
  const append = (piece) => writeSync(to, `${piece.join('\n')}\n`);
  const source = follow(ids[0], path);
  await source.start(pipeline.handOver);
  for (let turn = 0; turn < 100; turn += 1) {
    append(lines.slice((turn * rate) / 10, ((turn + 1) * rate) / 10));
    await new Promise((resolve) => void setTimeout(resolve, 100));
  }
  const before = rate * 10;
  await untilAll(before);
  const started = performance.now();
  append(lines);
  let behind = 0;
  const looking = setInterval(() => void (behind = Math.max(behind, source.behind?.() ?? 0)), 5);
  await untilAll(before + lines.length);
  const seconds = (performance.now() - started) / 1_000;
  clearInterval(looking);
  await source.stop();
  closeSync(to);
  return { seconds, lines: lines.length, behindMiB: behind / 1_048_576 };
}
