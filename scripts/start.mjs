import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, ensureInstalled, root } from './project.mjs';

try {
  await ensureInstalled();
  await ensureBuilt();
} catch (error) {
  console.error(`Siaga did not start: ${error.message}`);
  process.exit(1);
}
// In this process, so that a signal reaches the server itself.
await import(pathToFileURL(join(root, 'dist', 'server', 'cli', 'siaga.js')).href);
