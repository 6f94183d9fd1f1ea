import { execFile, spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { hasProgram } from '../../scripts/project.mjs';
import { accessLogLines } from '../../dist/server/simulate/access-log-lines.js';

/**
 * How fast the way of a log line is, on a generated access log of 1,000,000 lines. Each row runs in a process of its own,
 * so that its memory is its own; the figure is the median of its runs. Ratios compare rows of the same run.
 */
const lines = Number(process.env.SIAGA_BENCH_LINES ?? 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'siaga-bench-'));
const file = join(folder, 'access.log');
const entry = join(import.meta.dirname, '..', '..', 'dist', 'server', 'cli', 'siaga.js');

async function writeFile() {
  const out = createWriteStream(file);
  for await (const chunk of accessLogLines({
    seed: 7,
    count: lines,
    startMs: Date.parse('2026-11-23T00:00:00Z'),
  })) {
    if (!out.write(chunk)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
}

/** Runs one row in a child; it answers `{ seconds, rows, maxRssMiB }` as its last line. */
function child(script, ...args) {
  return new Promise((resolve, reject) => {
    const path = join(import.meta.dirname, script);
    execFile(process.execPath, [path, file, ...args], { maxBuffer: 1e8 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${script}: ${stderr || error.message}`));
      else resolve(JSON.parse(stdout.trim().split('\n').at(-1)));
    });
  });
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];

/** Runs a row so many times; the rate is that of the median run. */
async function row(name, measure, runs = 3) {
  const results = [];
  for (let run = 0; run < runs; run += 1) results.push(await measure());
  const rate = median(results.map(({ seconds, rows = lines }) => rows / seconds));
  const rss = Math.max(...results.map(({ maxRssMiB }) => maxRssMiB));
  return { name, rate, rss, results };
}

async function timed(command, args) {
  const started = performance.now();
  const program = spawn(command, args, { stdio: 'ignore' });
  const [code] = await once(program, 'exit');
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
  return { seconds: (performance.now() - started) / 1_000, maxRssMiB: Number.NaN };
}

const goAccess = () =>
  timed('goaccess', [file, '--log-format=COMBINED', '--no-progress', '-o', join(folder, 'goaccess.json')]);
const scan = () => timed(process.execPath, [entry, 'scan', file, '--json']);
const whole = (options = {}) => child('whole-way.mjs', folder, JSON.stringify(options));

function print(title, rows, base) {
  console.log(`\n| ${title} | lines/s | against ${base.name} | peak memory, MiB |`);
  console.log('|---|---:|---:|---:|');
  for (const { name, rate, rss } of rows) {
    const memory = Number.isNaN(rss) ? '–' : String(Math.round(rss));
    const ratio = `${(rate / base.rate).toFixed(2)} ×`;
    console.log(`| ${name} | ${Math.round(rate).toLocaleString('en')} | ${ratio} | ${memory} |`);
  }
}

async function measureStages() {
  const way = await row('the whole way: file → rules → durable', () => whole());
  const rows = [
    await row('parse, one core', () => child('stages.mjs', 'parse')),
    await row('parse + enrich + detect, one core', () => child('stages.mjs', 'detect')),
    await row('`siaga scan`, the whole process', scan),
    way,
  ];
  if (hasProgram('goaccess')) rows.push(await row('GoAccess, same file', goAccess));
  else console.log('GoAccess is not installed: no row beside ours.');
  print('stage', rows, { ...way, name: 'the whole way' });
  return way;
}

async function measureWays(way) {
  const rows = [];
  for (const count of [1, 2, 4, 8])
    rows.push(await row(`${count} file${count === 1 ? '' : 's'} at once`, () => whole({ sources: count })));
  rows.push(await row('1 file, inserts not synced to disk', () => whole({ durable: false })));
  for (const [name, kind] of [
    ['HTTP, lines in batches of 5,000', 'http'],
    ['HTTP, `_bulk` of ECS JSON', 'bulk'],
    ['HTTP, OTLP/JSON', 'otlp'],
    ['syslog over TCP', 'syslog'],
  ])
    rows.push(await row(name, () => child('ways-in.mjs', folder, kind), 2));
  print('way in, all durable', rows, { ...way, name: 'one file' });
}

async function measureExport() {
  const clear = await row('in clear', () => child('export.mjs', 'clear'));
  const masked = await row('with pseudonyms', () => child('export.mjs', 'masked'));
  const rate = ({ rate: perSecond }) => Math.round(perSecond).toLocaleString('en');
  const longest = ({ results }) => median(results.map(({ longestMs }) => longestMs)).toFixed(0);
  console.log(
    `\nAn export as CSV, one core, without the store: ${rate(clear)} events/s in clear, ${rate(masked)} with pseudonyms, ${(masked.rate / clear.rate).toFixed(2)} × of that; the event loop is held for ${longest(clear)} and ${longest(masked)} ms at most.`,
  );
}

async function measureBurst() {
  const { results } = await row('burst', () => whole({ burst: true }));
  const seconds = median(results.map((result) => result.seconds));
  const behind = Math.max(...results.map(({ behindMiB }) => behindMiB));
  console.log(
    `\nTen seconds of lines at once, after a steady 10,000 a second: ${results[0].lines.toLocaleString('en')} lines durable after ${seconds.toFixed(1)} s, none lost; at most ${behind.toFixed(0)} MiB waited unread in the file.`,
  );
}

async function main() {
  if (process.argv[2] === 'soak') {
    await import('./soak.mjs');
    return;
  }
  console.log(
    `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
  );
  console.log(`Writing ${lines.toLocaleString('en')} lines …`);
  await writeFile();
  console.log(`${(statSync(file).size / 1e6).toFixed(0)} MB`);
  const way = await measureStages();
  await measureWays(way);
  await measureExport();
  await measureBurst();
  await whole();
  const starts = await child('start-again.mjs', folder);
  console.log(
    `\nA start on the store of ${lines.toLocaleString('en')} events answers /readyz after ${Math.round(starts.readyMs)} ms.`,
  );
}

try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
