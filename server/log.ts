import type { Log } from './api/services.ts';

const hostile = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Control and direction characters as `\u{…}`: nothing in a log line acts on the terminal or forges another line. */
export const visible = (text: string): string =>
  text.replace(hostile, (char) => `\\u{${char.charCodeAt(0).toString(16)}}`);

/** Our own log: one JSON object a line. */
export function createLog(write: (line: string) => void, now: () => number): Log {
  return (entry) => {
    const { level, event, user, address, detail } = entry;
    const line = { at: new Date(now()).toISOString(), level, event, user, address, detail };
    write(`${visible(JSON.stringify(line))}\n`);
  };
}
