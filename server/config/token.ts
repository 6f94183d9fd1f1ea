import { createHash } from 'node:crypto';
import { fail, ok, type Result } from '../../shared/result.ts';
import { readText, type FileAccess } from './file-access.ts';
import { maxTokenBytes, minTokenLength } from './limits.ts';

const tokenExpected = `expected a token of ${minTokenLength} to ${maxTokenBytes} letters, digits or signs, without spaces`;

/** Lower-case hex SHA-256 of a bearer token: all that is kept of it. */
export const tokenSha256 = (token: string): string => createHash('sha256').update(token).digest('hex');

/** The token in an environment variable. No message ever holds a token or a part of one. */
export function secretFromEnv(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
): Result<string, 'bad-token'> {
  const token = Object.hasOwn(env, name) ? env[name] : undefined;
  if (token === undefined || token === '')
    return fail('bad-token', `found no environment variable ${name}, ${tokenExpected}`);
  return judged(token, `found something else in ${name}`);
}

/** The token in a file that only its owner may read; a line end after it is not part of it. */
export function secretFromFile(files: FileAccess, path: string): Result<string, 'bad-token'> {
  const open = openToOthers(files, path);
  if (open !== null) return fail('bad-token', open);
  const text = readText(files, path, maxTokenBytes + 2);
  if (!text.ok) return fail('bad-token', text.message);
  return judged(text.value.replace(/\r?\n$/, ''), 'found something else in the file');
}

/** What is wrong with the permissions of a file that holds a secret; `null` when only its owner may read it, or it isn't there. */
export function openToOthers(files: FileAccess, path: string): string | null {
  const stats = files.look(path);
  if (stats?.kind !== 'file' || (stats.mode & 0o177) === 0) return null;
  const permissions = (stats.mode & 0o777).toString(8).padStart(4, '0');
  return `found permissions ${permissions}, expected 0600 or narrower (chmod 600)`;
}

function judged(token: string, otherwise: string): Result<string, 'bad-token'> {
  const printable = /^[\x21-\x7e]+$/.test(token);
  if (!printable || token.length < minTokenLength || token.length > maxTokenBytes)
    return fail('bad-token', `${otherwise}, ${tokenExpected}`);
  return ok(token);
}
