import { isIPv6 } from 'node:net';

/** Counts attempts by key within a window that begins with the first. */
export interface AttemptLimiter {
  /** Counts an attempt before it is made; milliseconds to wait when there were too many, else 0. */
  take(key: string): number;
  /** Takes an attempt back, as when it turned out to be right. */
  giveBack(key: string): void;
}

/** A limiter in memory. At `maxKeys` the key that began first is forgotten. */
export function createAttemptLimiter(options: {
  readonly limit: number;
  readonly windowMs: number;
  readonly maxKeys: number;
  readonly now: () => number;
}): AttemptLimiter {
  const windows = new Map<string, { count: number; end: number }>();
  const begin = (key: string) => {
    windows.delete(key);
    const first = windows.keys().next();
    if (windows.size >= options.maxKeys && !first.done) windows.delete(first.value);
    const window = { count: 0, end: options.now() + options.windowMs };
    windows.set(key, window);
    return window;
  };
  return {
    take(key) {
      const running = windows.get(key);
      const window = running && running.end > options.now() ? running : begin(key);
      if (window.count >= options.limit) return window.end - options.now();
      window.count += 1;
      return 0;
    },
    giveBack(key) {
      const window = windows.get(key);
      if (window && window.count > 0) window.count -= 1;
    },
  };
}

/** The address that is limited: an IPv4 address, or the /64 of an IPv6 one, since a single client holds all of it. */
export function addressGroup(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1]) return mapped[1];
  if (!isIPv6(address)) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
