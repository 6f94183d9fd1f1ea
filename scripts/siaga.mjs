#!/usr/bin/env node
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, ensureInstalled, root } from './project.mjs';

/** `npx siaga`, `npm run -s siaga --` and `npm start`: prepares what is missing, then runs the command in this process. */
try {
  await ensureInstalled();
  await ensureBuilt();
} catch (error) {
  console.error(`Siaga did not start: ${error.message}`);
  process.exit(1);
}
// In this process, so that a signal reaches the command itself.
await import(pathToFileURL(join(root, 'dist', 'server', 'cli', 'siaga.js')).href);
