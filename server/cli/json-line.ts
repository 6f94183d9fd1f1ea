import { safeJson } from '../log.ts';

/** The value as JSON on one line, with its line feed: no character in it acts on a terminal. */
export const jsonLine = (value: unknown): string => `${safeJson(value)}\n`;
