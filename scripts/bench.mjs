import { ensureBuilt, ensureInstalled, root } from './project.mjs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

await ensureInstalled();
await ensureBuilt();
await import(pathToFileURL(join(root, 'tests', 'bench', 'bench.mjs')).href);
