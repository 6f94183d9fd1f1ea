import { randomBytes } from 'node:crypto';
import { closeSync, fchmodSync, fstatSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes of the secret that the data folder keeps: 256 bits. */
export const secretKeyBytes = 32;

const form = /^[0-9a-f]{64}\n?$/;

/**
 * The secret of this installation, 32 bytes: `<dataDir>/secret.key`, one line of lower-case hex, made at the first start with
 * mode 0600. Throws when others may read it, or when it is not of that form; a lost key is never replaced silently, since
 * what it sealed would be lost with it.
 */
export function readOrCreateSecretKey(dataDir: string): Buffer {
  const path = join(dataDir, 'secret.key');
  return create(path) ?? read(path);
}

/** The new key, or `null` when there is one already: of two starts at once, one makes it. */
function create(path: string): Buffer | null {
  let file;
  try {
    file = openSync(path, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null;
    throw new Error(`${path}: the secret key can't be made: ${String(error)}`, { cause: error });
  }
  try {
    // Whatever the process's mask is.
    fchmodSync(file, 0o600);
    const key = randomBytes(secretKeyBytes);
    writeSync(file, `${key.toString('hex')}\n`);
    fsyncSync(file);
    return key;
  } finally {
    closeSync(file);
  }
}

function read(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const { mode } = fstatSync(file);
    if ((mode & 0o077) !== 0) {
      throw new Error(`${path}: others may read the secret key; make it private with: chmod 600 ${path}`);
    }
    const text = readFileSync(file, 'latin1');
    if (!form.test(text)) throw new Error(`${path}: found no secret key in it, expected 64 hex digits`);
    return Buffer.from(text.slice(0, 2 * secretKeyBytes), 'hex');
  } finally {
    closeSync(file);
  }
}
