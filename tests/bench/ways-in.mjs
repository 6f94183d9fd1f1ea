import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort, startServer, token } from './server.mjs';

/** One way in over the network: a sender in this process, the built server in another, until every line is durable. */
const [, , file, folder, way] = process.argv;
const expected = Math.min(Number(process.env.SIAGA_BENCH_LINES ?? 1_000_000), 300_000);
const lines = readFileSync(file, 'utf8').split('\n').slice(0, expected);
const batch = 5_000;
const atOnce = 4;
const batches = Array.from({ length: Math.ceil(lines.length / batch) }, (_value, index) =>
  lines.slice(index * batch, (index + 1) * batch),
);
const port = await freePort();
const server = await startServer(join(folder, `ways-in-${way}`), [
  { id: 'sent', kind: 'http', format: 'auto' },
  { id: 'syslog', kind: 'syslog', tcp: `127.0.0.1:${port}`, format: 'combined' },
]);

const headers = { authorization: `Bearer ${token}sent` };

async function post(path, bodies, contentType) {
  let next = 0;
  const send = async () => {
    while (next < bodies.length) {
      const body = bodies[next++];
      for (;;) {
        const answer = await fetch(`${server.url}/ingest/v1/sent${path}`, {
          method: 'POST',
          headers: { ...headers, 'content-type': contentType },
          body,
        });
        await answer.arrayBuffer();
        if (answer.ok) break;
        if (answer.status !== 429 && answer.status !== 503) throw new Error(`${path}: ${answer.status}`);
        await new Promise((resolve) => void setTimeout(resolve, 200));
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, send));
}

async function syslog() {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  for (const each of batches) {
    const text = each.map((line) => `<134>Nov 24 13:52:04 web nginx: ${line}\n`).join('');
    if (!socket.write(text)) await once(socket, 'drain');
  }
  socket.end();
}

const ways = {
  http: () =>
    post(
      '',
      batches.map((each) => `${each.join('\n')}\n`),
      'text/plain',
    ),
  bulk: () =>
    post(
      '/_bulk',
      batches.map((each) => each.map((line) => `{"create":{}}\n${JSON.stringify(access(line))}\n`).join('')),
      'application/x-ndjson',
    ),
  otlp: () =>
    post(
      '/v1/logs',
      batches.map((each) =>
        JSON.stringify({
          resourceLogs: [
            {
              scopeLogs: [
                {
                  logRecords: each.map((line) => ({
                    timeUnixNano: '1795416724000000000',
                    body: { stringValue: line },
                  })),
                },
              ],
            },
          ],
        }),
      ),
      'application/json',
    ),
  syslog,
};

/** The line as ECS JSON, as a shipper would have parsed it. */
function access(line) {
  const [, ip, method, target, status] = /^(\S+) .*?"(\S+) (\S+) [^"]*" (\d+)/.exec(line) ?? [];
  return {
    '@timestamp': '2026-11-24T06:52:04Z',
    'source.ip': ip,
    'http.request.method': method ?? 'GET',
    'url.original': target ?? '/',
    'http.response.status_code': Number(status ?? 200),
  };
}

const source = way === 'syslog' ? 'syslog' : 'sent';
const storedLines = async () =>
  [...(await server.metrics())].find(
    ([name]) => name.startsWith('siaga_source_stored_lines_total') && name.includes(`"${source}"`),
  )?.[1] ?? 0;

const before = server.processor();
const started = performance.now();
await ways[way]();
while ((await storedLines()) < expected) await new Promise((resolve) => void setTimeout(resolve, 50));
const seconds = (performance.now() - started) / 1_000;
const cpuSeconds = server.processor() - before;
const maxRssMiB = server.memory();
await server.stop();
console.log(JSON.stringify({ seconds, rows: expected, maxRssMiB, cpuSeconds }));
