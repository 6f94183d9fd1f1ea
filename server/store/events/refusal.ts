/** ClickHouse's codes for data that it can't read as the table's columns: trying the same bytes again can't succeed. */
const dataCodes = new Set([6, 26, 27, 32, 33, 38, 41, 72, 117, 130, 190, 321, 349, 407, 636]);

/** The store's words when it refused the data itself, else `null`: then the same insert may succeed later. */
export function refusalOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  // The client tells the code beside the message, the engine at its beginning.
  const code = 'code' in error ? String(error.code) : /Code: (\d+)/.exec(error.message)?.[1];
  return code !== undefined && dataCodes.has(Number(code)) ? error.message.slice(0, 500) : null;
}
