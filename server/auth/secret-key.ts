import { randomBytes } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const keyBytes = 32;

/**
 * The 32 secret bytes of an installation, from `secret.key` in its data folder (64 hex digits); made with mode 0600 when there is
 * none. Throws when others may read it or it holds something else: a key that was guessed or lost must not go unseen.
 */
export function readOrCreateSecretKey(dataDir: string): Buffer {
  const file = join(dataDir, 'secret.key');
  try {
    writeFileSync(file, `${randomBytes(keyBytes).toString('hex')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  if ((statSync(file).mode & 0o077) !== 0) {
    throw new Error(`${file} may be read by others than its owner: set its mode to 0600`);
  }
  const text = readFileSync(file, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new Error(
      `${file} does not hold 64 hex digits: bring back the file that belongs to this data folder`,
    );
  }
  return Buffer.from(text, 'hex');
}
