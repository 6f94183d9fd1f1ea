import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { ListenAddress, SyslogSourceConfiguration, SyslogTls } from './configuration.ts';
import { readText } from './file-access.ts';
import { sourceSchemas } from './file-schema.ts';
import { maxPemBytes } from './limits.ts';
import { isLoopback, printListenAddress } from './listen-address.ts';
import { readLogins } from './logins-section.ts';
import { placeIn, readSection } from './section.ts';
import type { SourcesContext } from './sources-section.ts';
import { openToOthers } from './token.ts';

type Path = readonly PropertyKey[];
type Report = (key: string, what: string) => null;

/** Reads a source of kind `syslog`; `null` when it is refused, with its problems reported. */
export function readSyslogSource(
  context: SourcesContext,
  value: unknown,
  path: Path,
): SyslogSourceConfiguration | null {
  const read = readSection(context.file, sourceSchemas.syslog, value, path);
  const logins = readLogins(context.file, value, path, true);
  if (read === null || logins === 'refused') return null;
  const { id, kind, format, expectEvery, udp = null, tcp = null, allow = null } = read;
  const tls = read.tls ? readTls(context, read.tls, [...path, 'tls']) : null;
  const listened = [udp, tcp, read.tls?.listen ?? null].filter((address) => address !== null);
  const isGuarded = isReachedByThoseListedOnly(listened, allow, reporter(context, path));
  if (!isGuarded || (read.tls && tls === null)) return null;
  return { id, kind, udp, tcp, tls, allow, format, logins, expectEveryMs: expectEvery };
}

function isReachedByThoseListedOnly(
  listened: readonly ListenAddress[],
  allow: readonly string[] | null,
  report: Report,
): boolean {
  if (listened.length === 0) report('udp', 'found no way in, expected udp, tcp or tls');
  const wide = listened.find((address) => !isLoopback(address));
  if (wide && allow === null)
    report(
      'allow',
      `found nothing beside ${printListenAddress(wide)}, expected who may send, like [192.0.2.0/24]`,
    );
  return listened.length > 0 && (!wide || allow !== null);
}

interface TlsFiles {
  readonly listen: ListenAddress;
  readonly cert: string;
  readonly key: string;
  readonly ca?: string | undefined;
}

function readTls(context: SourcesContext, given: TlsFiles, path: Path): SyslogTls | null {
  const report = reporter(context, path);
  const read = <T>(key: 'cert' | 'key' | 'ca', name: string, form: Form<T>): Pem<T> | null => {
    const pem = readPem(context, name, form);
    return pem.ok ? pem.value : report(key, pem.message);
  };
  const cert = read('cert', given.cert, certificate);
  const key = read('key', given.key, privateKey);
  const ca = given.ca === undefined ? undefined : read('ca', given.ca, certificate);
  if (cert === null || key === null || ca === null) return null;
  if (!cert.parsed.checkPrivateKey(key.parsed))
    return report('key', 'found the key of another certificate, expected that of cert');
  return { listen: given.listen, cert: cert.text, key: key.text, ca: ca?.text ?? null };
}

/** A kind of thing that is written down in PEM; `parse` throws when it is another. */
interface Form<T> {
  readonly name: string;
  readonly isSecret: boolean;
  readonly parse: (text: string) => T;
}

interface Pem<T> {
  readonly text: string;
  readonly parsed: T;
}

const certificate: Form<X509Certificate> = {
  name: 'a certificate',
  isSecret: false,
  parse: (text) => new X509Certificate(text),
};
const privateKey: Form<KeyObject> = {
  name: 'a private key without a password',
  isSecret: true,
  parse: (text) => createPrivateKey(text),
};

function readPem<T>(context: SourcesContext, name: string, form: Form<T>): Result<Pem<T>> {
  const path = resolve(context.folder, name);
  const open = form.isSecret ? openToOthers(context.files, path) : null;
  if (open !== null) return fail('bad-pem', open);
  const text = readText(context.files, path, maxPemBytes);
  if (!text.ok) return text;
  try {
    return ok({ text: text.value, parsed: form.parse(text.value) });
  } catch {
    return fail('bad-pem', `found something else, expected ${form.name} in PEM`);
  }
}

const reporter =
  ({ file }: SourcesContext, path: Path): Report =>
  (key, what) => {
    file.problems.report(placeIn(file, [...path, key]), what);
    return null;
  };
