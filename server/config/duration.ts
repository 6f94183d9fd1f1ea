const unitMs = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/** Milliseconds of `500ms`, `60s`, `5m`, `2h` or `7d`: a whole number and one unit; `null` for anything else. */
export function parseDuration(text: string): number | null {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text);
  const unit = unitMs.get(match?.[2] ?? '');
  return match?.[1] === undefined || unit === undefined ? null : Number(match[1]) * unit;
}
