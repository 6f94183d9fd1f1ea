/** What JSON leaves as it is although a terminal or an editor may act on it: DEL, C1, line separators, text direction. */
const acting = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** The value as JSON on one line, with its line feed: no character in it acts on a terminal. */
export const jsonLine = (value: unknown): string =>
  `${JSON.stringify(value).replace(acting, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
