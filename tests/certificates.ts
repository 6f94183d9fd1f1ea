import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of a certificate and its key in PEM; the key is its owner's only. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'ignore' });
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
const twoDays = ['-days', '2'];

/** Writes a new certificate for a name that vouches for itself, and its key. */
export function certify(name: string, { cert, key }: CertificateFiles): void {
  openssl('req', '-x509', ...newKey, ...twoDays, '-subj', `/CN=${name}`, '-keyout', key, '-out', cert);
  chmodSync(key, 0o600);
}

/** A certificate authority that nobody knows by itself. */
export interface Authority {
  /** Path of what those trust who trust it. */
  readonly cert: string;
  /** A new certificate for that host. */
  readonly issue: (host: string) => CertificateFiles;
}

/** A new authority with its files in that folder, told apart by its name. */
export function createAuthority(folder: string, name: string): Authority {
  const own = { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
  certify(name, own);
  return {
    cert: own.cert,
    issue: (host) => {
      const file = (kind: string): string => join(folder, `${name}-${host}.${kind}`);
      const [cert, key, request, extensions] = ['crt', 'key', 'csr', 'ext'].map(file) as [
        string,
        string,
        string,
        string,
      ];
      openssl('req', ...newKey, '-subj', `/CN=${host}`, '-keyout', key, '-out', request);
      chmodSync(key, 0o600);
      writeFileSync(extensions, `subjectAltName=DNS:${host}\n`);
      const signed = ['-CA', own.cert, '-CAkey', own.key, '-CAcreateserial', '-extfile', extensions];
      openssl('x509', '-req', '-in', request, ...signed, ...twoDays, '-out', cert);
      return { cert, key };
    },
  };
}
