import { expect, it } from 'vitest';
import { table } from '../../../server/cli/table.ts';

it('a table has columns of equal width, figures to the right, and nothing in it acts on a terminal', () => {
  expect(
    table([
      ['source', 'lines', 'sample'],
      ['web', '7', 'plain'],
      ['nginx', '1200', '\u001b[31mred\u202e'],
    ]),
  ).toBe(
    [
      'source  lines  sample',
      'web         7  plain',
      String.raw`nginx    1200  \u{1b}[31mred\u{202e}`,
      '',
    ].join('\n'),
  );
});
