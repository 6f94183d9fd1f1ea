import type { Log } from './api/services.ts';

/** How much is told, from least to most; each tells what those before it do. */
export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What acts on a terminal, ends a line, turns the direction of text or isn't seen: Unicode's Cc, Cf, Zl and Zp. */
const acting = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Such characters as `\u{…}`: nothing in a text acts on the terminal or forges another line. */
export const visible = (text: string): string =>
  text.replace(acting, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);

const unitAsEscape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The value as JSON on one line, without a line feed: such characters are escaped as JSON escapes them. */
export const safeJson = (value: unknown): string =>
  JSON.stringify(value).replace(acting, (char) => char.split('').map(unitAsEscape).join(''));

export interface LogParts {
  readonly write: (line: string) => void;
  /** Epoch ms. */
  readonly now: () => number;
  /** What is less urgent is not written. */
  readonly level: LogLevel;
}

/** Our own log: one JSON object a line. */
export function createLog({ write, now, level: least }: LogParts): Log {
  const written = new Set(logLevels.slice(0, logLevels.indexOf(least) + 1));
  return ({ level, event, user, address, detail }) => {
    if (!written.has(level)) return;
    write(`${safeJson({ at: new Date(now()).toISOString(), level, event, user, address, detail })}\n`);
  };
}
