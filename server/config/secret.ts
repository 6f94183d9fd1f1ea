import { resolve } from 'node:path';
import { fail, ok, type Result } from '../../shared/result.ts';
import { readText } from './file-access.ts';
import { maxTokenBytes } from './limits.ts';
import { openToOthers } from './token.ts';
import type { TokenContext } from './token-choice.ts';

/** Characters of a secret that another system gave out; shorter ones are mistakes. */
export const minSecretLength = 12;
const secretExpected = `expected a secret of ${minSecretLength} to ${maxTokenBytes} letters, digits or signs, without spaces`;

/**
 * A secret that we show to another system, and so must keep as it is, from the variable or the file of those two that is given. No
 * message holds it or a part of it.
 */
export function readSecret(
  { env, files, folder }: Pick<TokenContext, 'env' | 'files' | 'folder'>,
  given: { readonly variable: string } | { readonly path: string },
): Result<string, 'bad-secret'> {
  if ('variable' in given) {
    const secret = Object.hasOwn(env, given.variable) ? env[given.variable] : undefined;
    if (secret === undefined || secret === '')
      return fail('bad-secret', `found no environment variable ${given.variable}, ${secretExpected}`);
    return judged(secret, `found something else in ${given.variable}`);
  }
  const path = resolve(folder, given.path);
  const open = openToOthers(files, path);
  if (open !== null) return fail('bad-secret', open);
  const text = readText(files, path, maxTokenBytes + 2);
  if (!text.ok) return fail('bad-secret', text.message);
  return judged(text.value.replace(/\r?\n$/, ''), 'found something else in the file');
}

function judged(secret: string, otherwise: string): Result<string, 'bad-secret'> {
  const printable = /^[\x21-\x7e]+$/.test(secret);
  if (!printable || secret.length < minSecretLength || secret.length > maxTokenBytes)
    return fail('bad-secret', `${otherwise}, ${secretExpected}`);
  return ok(secret);
}
