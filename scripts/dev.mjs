import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root } from './project.mjs';

/** Rebuilds and restarts the server at each change, and serves the client with hot reload on port 5173. */
await ensureInstalled();
await ensureBuilt();
const bin = (name) => join(root, 'node_modules', '.bin', name);
const children = [
  spawn(bin('tsc'), ['-p', 'server/tsconfig.json', '--watch', '--preserveWatchOutput'], {
    cwd: root,
    stdio: 'inherit',
  }),
  spawn(process.execPath, ['--watch', 'dist/server/cli/siaga.js', ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  }),
  spawn(bin('vite'), [], { cwd: root, stdio: 'inherit' }),
];
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    for (const child of children) child.kill(signal);
  });
}
