import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourceFormats } from '../../../server/config/source-formats.ts';
import { createLineParser } from '../../../server/ingest/parsers/line-parser.ts';
import { accountActions, eventFields } from '../../../shared/event/fields.ts';

const text = readFileSync(join(import.meta.dirname, '../../../docs/events.md'), 'utf8');

/** Cells of the rows of the table below a heading, without the head and the rule under it. */
function tableBelow(heading: string): string[][] {
  const section = text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** Text of all fenced blocks of a language. */
const examples = (language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(([, body]) => body ?? '');

describe('docs/events.md', () => {
  it('lists every field with its type and its sentence, and no other', () => {
    const wanted = Object.entries(eventFields).map(([name, spec]) => [
      `\`${name}\``,
      spec.type,
      'required' in spec ? 'always' : '',
      spec.doc,
    ]);
    expect(tableBelow('Fields')).toEqual(wanted);
  });

  it('lists every account action, and no other', () => {
    const listed = tableBelow('Account actions').map(([action]) => action);
    expect(listed).toEqual(accountActions.map((action) => `\`${action}\``));
  });

  const linesOf = (language: string) =>
    examples(language).flatMap((block) =>
      block
        .trimEnd()
        .split('\n')
        .map((line) => [language, line] as const),
    );

  it.each(['log', 'log error', 'log log'].flatMap(linesOf))(
    'shows a line of %s that is understood: %s',
    (language, line) => {
      const dataset = language.split(' ')[1] ?? 'access';
      expect(createLineParser('auto')(line)).toMatchObject({ 'event.dataset': dataset });
    },
  );

  it('names every format', () => {
    for (const format of sourceFormats) expect(text).toContain(`\`${format}\``);
  });

  it('shows JSON that is understood, of every kind', () => {
    const lines = examples('json').map((block) => JSON.stringify(JSON.parse(block)));
    const datasets = lines.map((line) => createLineParser('auto')(line)['event.dataset']);
    expect(datasets).toEqual(['account', 'account', 'account', 'signal', 'access', 'account']);
  });
});
