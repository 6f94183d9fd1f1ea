import { authorityMatrix } from './authority.ts';
import { roles } from './role.ts';

/** The matrix of rights as a table of Markdown, for `docs/security.md`: a dash where nothing is granted. */
export function authorityTable(): string {
  const columns = [...roles, 'wall'] as const;
  const rows = [
    ['permission', ...columns],
    ['-', ...columns.map(() => '-')],
    ...authorityMatrix.map(({ permission, scopes }) => [
      `\`${permission}\``,
      ...columns.map((column) => scopes[column] ?? '–'),
    ]),
  ];
  const widths = ['', ...columns].map((_column, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map((row, line) =>
      row.map((cell, at) => (line === 1 ? '-'.repeat(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0))),
    )
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('');
}
