const maxNanoseconds = Number.MAX_SAFE_INTEGER;

/** Nanoseconds, whole, of so many seconds; `null` when they are none, negative, or too many. */
export function nanoseconds(seconds: number): number | null {
  const value = Math.round(seconds * 1e9);
  return value >= 0 && value <= maxNanoseconds ? value : null;
}

const decimal = /^\d{1,9}(?:\.\d{1,9})?$/;
/** Tries of one request that are summed up. */
const maxTries = 50;

/**
 * Nanoseconds of nginx's seconds, `0.012`; where a request went to several upstreams (`0.010, 0.002 : -`), of all of them.
 * `null` when no number is there, or anything else is.
 */
export function nginxDuration(text: string): number | null {
  let sum: number | null = null;
  for (const part of text.split(/[,:]/, maxTries)) {
    const tried = part.trim();
    if (tried === '-' || tried === '') continue;
    if (!decimal.test(tried)) return null;
    sum = (sum ?? 0) + Number(tried);
  }
  return sum === null ? null : nanoseconds(sum);
}

/** The last of nginx's values for several upstreams, `502, 200`, and so the one of the upstream that answered; `null` of `-`. */
export function lastTried(text: string): string | null {
  const at = Math.max(text.lastIndexOf(', '), text.lastIndexOf(' : ') + 1);
  const last = (at <= 0 ? text : text.slice(at + 2)).trim();
  return last === '' || last === '-' ? null : last;
}

const units = new Map([
  ['ns', 1e-9],
  ['us', 1e-6],
  ['µs', 1e-6],
  ['ms', 1e-3],
  ['s', 1],
  ['m', 60],
  ['h', 3_600],
]);
const written = /^(?:\d{1,9}(?:\.\d{1,9})?(?:ns|us|µs|ms|s|m|h)){1,4}$/;

/** Nanoseconds of a duration with its units, as Go writes it: `12ms`, `1m2.5s`; `null` when it is none. */
export function durationWithUnits(text: string): number | null {
  if (text.length > 80 || !written.test(text)) return null;
  let seconds = 0;
  for (const [, number, unit] of text.matchAll(/([\d.]+)([a-zµ]+)/g))
    seconds += Number(number) * (units.get(unit ?? '') ?? 0);
  return nanoseconds(seconds);
}
