/** Rows per statement: far below SQLite's 32,766 and PostgreSQL's 65,535 parameters. */
export const rowsPerStatement = 500;

/** Cuts a list into pieces of at most `rowsPerStatement`, in order. */
export function inChunks<T>(items: readonly T[]): T[][] {
  const chunks: T[][] = [];
  for (let start = 0; start < items.length; start += rowsPerStatement) {
    chunks.push(items.slice(start, start + rowsPerStatement));
  }
  return chunks;
}
