import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** From the start of the process to the first 200 of /readyz, on the store that the row before has left. */
const [, , file, folder] = process.argv;
const probe = createServer().listen(0, '127.0.0.1');
await once(probe, 'listening');
const { port } = probe.address();
probe.close();
const entry = join(import.meta.dirname, '..', '..', 'dist', 'server', 'cli', 'siaga.js');
const started = performance.now();
const args = [entry, '--watch', file, '--port', String(port), '--data', join(folder, 'data')];
const server = spawn(process.execPath, args, { stdio: 'ignore' });
let readyMs = Number.NaN;
while (performance.now() - started < 60_000) {
  const isReady = await fetch(`http://127.0.0.1:${port}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
  if (isReady) {
    readyMs = performance.now() - started;
    break;
  }
  await new Promise((resolve) => void setTimeout(resolve, 10));
}
server.kill('SIGTERM');
await once(server, 'exit');
console.log(JSON.stringify({ readyMs }));
