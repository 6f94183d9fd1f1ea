import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { fail, ok, type Result } from '../../shared/result.ts';
import { readText, type FileAccess } from './file-access.ts';
import { maxPemBytes } from './limits.ts';
import { openToOthers } from './token.ts';

/** A kind of thing that is written down in PEM; `parse` throws when it is another. */
export interface PemForm<T> {
  readonly name: string;
  readonly isSecret: boolean;
  readonly parse: (text: string) => T;
}

/** What a file in PEM holds, as text and as what it is. */
export interface Pem<T> {
  readonly text: string;
  readonly parsed: T;
}

export const certificate: PemForm<X509Certificate> = {
  name: 'a certificate',
  isSecret: false,
  parse: (text) => new X509Certificate(text),
};
export const privateKey: PemForm<KeyObject> = {
  name: 'a private key without a password',
  isSecret: true,
  parse: (text) => createPrivateKey(text),
};

/** Reads a file in PEM, a secret one only when no other user may; the message reads on from its key. `path` is absolute. */
export function readPem<T>(files: FileAccess, path: string, form: PemForm<T>): Result<Pem<T>> {
  const open = form.isSecret ? openToOthers(files, path) : null;
  if (open !== null) return fail('bad-pem', open);
  const text = readText(files, path, maxPemBytes);
  if (!text.ok) return text;
  try {
    return ok({ text: text.value, parsed: form.parse(text.value) });
  } catch {
    return fail('bad-pem', `found something else, expected ${form.name} in PEM`);
  }
}

/** A certificate (with its chain) and its key, in PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** Reads a certificate and its key, absolute paths; a problem names which of the two it is of. */
export function readKeyPair(
  files: FileAccess,
  paths: { readonly cert: string; readonly key: string },
): Result<KeyPair> & { readonly of?: 'cert' | 'key' } {
  const cert = readPem(files, paths.cert, certificate);
  if (!cert.ok) return { ...cert, of: 'cert' };
  const key = readPem(files, paths.key, privateKey);
  if (!key.ok) return { ...key, of: 'key' };
  if (cert.value.parsed.checkPrivateKey(key.value.parsed))
    return ok({ cert: cert.value.text, key: key.value.text });
  return { ...fail('bad-pem', 'found the key of another certificate, expected that of cert'), of: 'key' };
}
