import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, root } from './project.mjs';

/** Writes each command's help into its section of docs/commands.md. Run it after a change of a help text. */
await ensureBuilt();
const { commandNames, commands } = await import('../dist/server/cli/commands.js');
const { overview } = await import('../dist/server/cli/dispatch.js');
const path = join(root, 'docs', 'commands.md');
let page = readFileSync(path, 'utf8');
const fence = (text) => `\`\`\`text\n${text}\`\`\`\n`;
const text = await overview();
page = page.replace(/```text\n[^]*?```\n/, () => fence(text));
for (const name of commandNames) {
  const { help } = await commands[name]();
  const section = new RegExp(`(## siaga ${name}\n\n)\`\`\`text\n[^]*?\`\`\`\n`);
  page = section.test(page)
    ? page.replace(section, (_whole, head) => head + fence(help))
    : `${page}\n## siaga ${name}\n\n${fence(help)}`;
}
writeFileSync(path, page);
