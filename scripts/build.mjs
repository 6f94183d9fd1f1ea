import { ensureBuilt, ensureInstalled } from './project.mjs';

await ensureInstalled();
await ensureBuilt({ force: true });
