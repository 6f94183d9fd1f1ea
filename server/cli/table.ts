import { visible } from '../log.ts';

/** Rows as columns of equal width, the first row the heads; what is all digits stands right. Nothing in it acts on a terminal. */
export function table(rows: readonly (readonly string[])[]): string {
  const shown = rows.map((row) => row.map(visible));
  const widths = (shown[0] ?? []).map((_head, column) =>
    Math.max(...shown.map((row) => row[column]?.length ?? 0)),
  );
  const isNumeric = widths.map((_width, column) =>
    shown.slice(1).every((row) => /^[-+]?\d+$/.test(row[column] ?? '')),
  );
  return shown
    .map((row) =>
      row
        .map((cell, column) =>
          isNumeric[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
