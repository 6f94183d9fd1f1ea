const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const steps = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 7, 30].map((n) => n * day),
];

/** The narrowest round width, ms, that covers the range in at most `buckets` buckets. */
export function bucketWidth(from: number, to: number, buckets: number): number {
  const least = (to - from) / Math.max(1, buckets);
  return steps.find((step) => step >= least) ?? Math.ceil(least / day) * day;
}

/** Starts of all buckets that touch the range, aligned to multiples of the width. */
export function bucketStarts(from: number, to: number, bucketMs: number): number[] {
  const starts: number[] = [];
  for (let at = Math.floor(from / bucketMs) * bucketMs; at < to; at += bucketMs) starts.push(at);
  return starts;
}
