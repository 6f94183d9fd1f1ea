/**
 * Text from a log as the state store can hold it: NUL, at which SQLite's client cuts and which PostgreSQL refuses, becomes
 * U+2400, and a lone surrogate, which UTF-8 can't say, U+FFFD. Idempotent.
 */
export function storableText(text: string): string {
  return text.replaceAll('\0', '\u2400').replace(/\p{Surrogate}/gu, '\uFFFD');
}
