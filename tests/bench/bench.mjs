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

async function row(name, runs, measure) {
  const results = [];
  for (let run = 0; run < runs; run += 1) results.push(await measure());
  const rate = median(results.map(({ seconds }) => lines / seconds));
  const rss = Math.max(...results.map(({ maxRssMiB }) => maxRssMiB));
  return { name, rate, rss };
}

async function goAccess() {
  const started = performance.now();
  const out = join(folder, 'goaccess.json');
  const program = spawn('goaccess', [file, '--log-format=COMBINED', '--no-progress', '-o', out], {
    stdio: 'ignore',
  });
  const [code] = await once(program, 'exit');
  if (code !== 0) throw new Error(`goaccess ended with ${code}`);
  return { seconds: (performance.now() - started) / 1_000, maxRssMiB: Number.NaN };
}

async function main() {
  console.log(
    `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
  );
  console.log(`Writing ${lines.toLocaleString('en')} lines …`);
  await writeFile();
  console.log(`${(statSync(file).size / 1e6).toFixed(0)} MB\n`);

  const rows = [
    await row('parse (one core)', 3, () => child('stages.mjs', 'parse')),
    await row('parse + enrich + detect (one core)', 3, () => child('stages.mjs', 'detect')),
    await row('the whole way into durable storage', 3, () => child('whole-way.mjs', folder)),
  ];
  if (hasProgram('goaccess')) rows.push(await row('GoAccess, same file', 3, goAccess));
  else console.log('GoAccess is not installed: no row beside ours.');
  const starts = await child('start-again.mjs', folder);

  const base = rows[2].rate;
  console.log('| what | lines/s | against the whole way | peak memory, MiB |');
  console.log('|---|---:|---:|---:|');
  for (const { name, rate, rss } of rows) {
    const memory = Number.isNaN(rss) ? '–' : String(Math.round(rss));
    console.log(
      `| ${name} | ${Math.round(rate).toLocaleString('en')} | ${(rate / base).toFixed(2)} × | ${memory} |`,
    );
  }
  console.log(
    `\nA start on the store of ${lines.toLocaleString('en')} events answers /readyz after ${Math.round(starts.readyMs)} ms.`,
  );
}

try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
