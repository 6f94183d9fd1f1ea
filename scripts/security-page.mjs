import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, root } from './project.mjs';

/** Writes the matrix of rights into docs/security.md, between its markers. Run it after a change of shared/authority.ts. */
await ensureBuilt();
const { authorityTable } = await import('../dist/shared/authority-table.js');
const path = join(root, 'docs', 'security.md');
const page = readFileSync(path, 'utf8');
const block = /(<!-- matrix: [^>]*-->\n\n)[^]*?(\n<!-- end of the matrix -->)/;
if (!block.test(page)) throw new Error('docs/security.md has no markers for the matrix');
writeFileSync(
  path,
  page.replace(block, (_whole, head, tail) => head + authorityTable() + tail),
);
