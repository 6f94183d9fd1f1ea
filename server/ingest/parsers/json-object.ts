/** A JSON object of a line; keys come from outside, so it is only read by `lookUp`. */
export type JsonObject = Readonly<Record<string, unknown>>;

const brace = 123;

/**
 * The JSON object that a line is, or `null`. Where nginx writes its variables without `escape=json`, `\xHH` stands in it, which
 * no JSON has: of ASCII it is undone, of other bytes it stays as written.
 */
export function parseObject(line: string): JsonObject | null {
  if (line.charCodeAt(0) !== brace) return null;
  return tryParse(line) ?? (line.includes('\\x') ? tryParse(line.replace(nginxEscape, asJsonEscape)) : null);
}

const nginxEscape = /\\(?:x([0-9A-Fa-f]{2})|[^x])/g;

function asJsonEscape(whole: string, hex?: string): string {
  if (hex === undefined) return whole;
  return parseInt(hex, 16) < 0x80 ? `\\u00${hex}` : `\\\\x${hex}`;
}

function tryParse(line: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Whether a value is a JSON object, not a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path, for which the dots of a key may also be part of its name; `undefined` where there is none. Only what the line says is found, never what a prototype has. */
export function lookUp(object: JsonObject, path: string): unknown {
  if (Object.hasOwn(object, path)) return object[path];
  if (!path.includes('.')) return undefined;
  let at: unknown = object;
  for (const key of path.split('.')) {
    if (!isObject(at) || !Object.hasOwn(at, key)) return undefined;
    at = at[key];
  }
  return at;
}

/** Text, or a number as text; `null` of nothing, of `-`, and of anything else. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' && value !== '-' ? value : null;
}

const decimal = /^\d{1,15}(?:\.\d{1,9})?$/;

/** A number from 0 on, also one in quotes; `null` of anything else. */
export function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && decimal.test(value) ? Number(value) : value;
  return typeof number === 'number' && number >= 0 && number <= Number.MAX_SAFE_INTEGER ? number : null;
}

/** A whole number from 0 to `most`; `null` of anything else. */
export function wholeOf(value: unknown, most = Number.MAX_SAFE_INTEGER): number | null {
  const number = numberOf(value);
  return number !== null && Number.isInteger(number) && number <= most ? number : null;
}
