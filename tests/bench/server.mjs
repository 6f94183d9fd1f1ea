import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const entry = join(import.meta.dirname, '..', '..', 'dist', 'server', 'cli', 'siaga.js');
export const token = 'token-of-the-measurements-0123456789';
const metricsToken = 'token-of-the-scraper-01234567890123';

export async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  return port;
}

/** The built server as a process of its own over these sources; http sources get their token. */
export async function startServer(folder, sources) {
  mkdirSync(folder, { recursive: true });
  const secret = (name, text) => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const parties = join(folder, 'parties.csv');
  writeFileSync(parties, 'id,name,kind,number,expectedSince\nP01,Partai 01,national,1,2026-01-01\n');
  const config = join(folder, 'siaga.yaml');
  const all = sources.map((source) =>
    source.kind === 'http'
      ? { ...source, tokenFile: secret(`token-${source.id}`, token + source.id) }
      : source,
  );
  const metrics = { tokenFile: secret('token-metrics', metricsToken) };
  writeFileSync(config, JSON.stringify({ parties, sources: all, metrics }));
  const port = await freePort();
  const args = [entry, '--config', config, '--port', String(port), '--data', join(folder, 'data')];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (bytes) => void (errors = (errors + bytes).slice(-4_000)));
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries += 1) {
    if (child.exitCode !== null || tries > 1_200) throw new Error(`the server did not start: ${errors}`);
    const ready = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) break;
    await new Promise((resolve) => void setTimeout(resolve, 50));
  }
  return {
    url,
    pid: child.pid,
    /** Numbers of `/metrics`, by their names with labels. */
    metrics: async () => {
      const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${metricsToken}` } });
      const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      return new Map(
        lines.map((line) => [
          line.slice(0, line.lastIndexOf(' ')),
          Number(line.slice(line.lastIndexOf(' ') + 1)),
        ]),
      );
    },
    /** Resident memory, MiB. */
    memory: () => {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024;
    },
    /** Processor time used so far, seconds. */
    processor: () => {
      const [, rest = ''] = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ');
      const fields = rest.split(' ');
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}
