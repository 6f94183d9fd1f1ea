import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessLogLines } from '../../dist/server/simulate/access-log-lines.js';
import { startServer } from './server.mjs';

/** Memory of the server over minutes of a steady rate: `npm run bench -- soak [MINUTES] [LINES A SECOND]`. */
const [minutes = '10', rate = '20000'] = process.argv.slice(process.argv[2] === 'soak' ? 3 : 2);
const linesASecond = Number(rate);
const everyMs = 100;
const folder = mkdtempSync(join(tmpdir(), 'siaga-soak-'));
const file = join(folder, 'access.log');

async function lines(count) {
  let text = '';
  for await (const chunk of accessLogLines({ seed: 7, count, startMs: Date.now() })) text += chunk;
  return text.trimEnd().split('\n');
}

const now = () => performance.now();
const stored = (metrics) =>
  [...metrics].find(([name]) => name.startsWith('siaga_source_stored') && name.includes('web'))?.[1] ??
  Number.NaN;

try {
  writeFileSync(file, '');
  const pool = await lines(100_000);
  const source = { id: 'web', kind: 'file', path: file, start: 'beginning', format: 'combined' };
  const server = await startServer(join(folder, 'server'), [source]);
  const started = now();
  const samples = [];
  let sent = 0;
  let nextSample = 10_000;
  while (now() - started < Number(minutes) * 60_000) {
    const due = Math.floor(((now() - started) / 1_000) * linesASecond);
    if (due > sent) {
      const piece = [];
      for (; sent < due; sent += 1) piece.push(pool[sent % pool.length]);
      appendFileSync(file, `${piece.join('\n')}\n`);
    }
    if (now() - started >= nextSample) {
      nextSample += 10_000;
      samples.push({
        second: Math.round((now() - started) / 1_000),
        mib: Math.round(server.memory()),
        processor: server.processor(),
      });
    }
    await new Promise((resolve) => void setTimeout(resolve, everyMs));
  }
  for (let tries = 0; tries < 600 && stored(await server.metrics()) < sent; tries += 1)
    await new Promise((resolve) => void setTimeout(resolve, 100));
  const durable = stored(await server.metrics());
  const used = server.processor() / ((now() - started) / 1_000);
  await server.stop();
  const mean = (part) => Math.round(part.reduce((sum, { mib }) => sum + mib, 0) / part.length);
  const tenth = Math.max(1, Math.floor(samples.length / 10));
  console.log('| second | MiB |\n|---:|---:|');
  for (const { second, mib } of samples.filter(
    (_sample, index) => index % Math.ceil(samples.length / 12) === 0,
  ))
    console.log(`| ${second} | ${mib} |`);
  console.log(
    `\n${sent.toLocaleString('en')} lines at ${linesASecond.toLocaleString('en')} a second, ${durable.toLocaleString('en')} durable, ${(used * 100).toFixed(0)} % of a core.`,
  );
  console.log(
    `Resident memory: ${mean(samples.slice(tenth, 2 * tenth))} MiB in the second tenth, ${mean(samples.slice(-tenth))} MiB in the last.`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
