import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandNames, commands } from '../../../server/cli/commands.ts';
import { overview } from '../../../server/cli/dispatch.ts';
import { projectRoot } from '../../../server/project-root.ts';

const page = readFileSync(join(projectRoot, 'docs', 'commands.md'), 'utf8');
const fenced = (text: string): string => `\`\`\`text\n${text}\`\`\`\n`;

describe('docs/commands.md', () => {
  it('says what siaga --help says', async () => {
    expect(page).toContain(fenced(await overview()));
  });

  it.each(commandNames)('says what siaga %s --help says', async (name) => {
    const { help } = await commands[name]();
    expect(page).toContain(`## siaga ${name}\n\n${fenced(help)}`);
  });

  it.each(commandNames)('is right about its name and exit codes: %s', async (name) => {
    const command = await commands[name]();
    expect(command.name).toBe(name);
    expect(command.help).toMatch(/^Usage: siaga /);
    expect(command.help).toMatch(/^Exit code: 0 /m);
    expect(command.help.endsWith('\n')).toBe(true);
  });
});
