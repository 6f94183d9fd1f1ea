/** What one search of the event store may take. */
export interface SearchLimits {
  /** Running time, ms; the engine counts whole seconds. */
  readonly searchTime: number;
  /** Bytes. */
  readonly searchMemory: number;
  readonly searchRows: number;
}

/** ClickHouse's codes for what its own limits ended. */
const codes: Readonly<Record<string, keyof SearchLimits | undefined>> = {
  '159': 'searchTime',
  '241': 'searchMemory',
  '396': 'searchRows',
};

/** The limit that ended a search; `null` when it failed for another reason. */
export function searchLimitOf(error: unknown): keyof SearchLimits | null {
  const text = error instanceof Error ? `${error.message} ${codeOf(error)}` : String(error);
  const code = /Code: (\d+)/.exec(text)?.[1] ?? '';
  return (Object.hasOwn(codes, code) ? codes[code] : null) ?? null;
}

const codeOf = (error: Error): string =>
  'code' in error && typeof error.code === 'string' ? `Code: ${error.code}` : '';

/** The same as settings of a connection. */
export const settingsOf = ({ searchTime, searchMemory, searchRows }: SearchLimits): string[] => [
  `SET max_execution_time = ${Math.max(1, Math.ceil(searchTime / 1_000))}`,
  `SET max_memory_usage = ${searchMemory}`,
  `SET max_result_rows = ${searchRows}`,
  "SET result_overflow_mode = 'throw'",
];
