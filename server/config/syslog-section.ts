import { resolve } from 'node:path';
import type * as z from 'zod/mini';
import type { ListenAddress, SyslogSourceConfiguration, SyslogTls } from './configuration.ts';
import { sourceSchemas, syslogTlsSchema } from './file-schema.ts';
import { isLoopback, printListenAddress } from './listen-address.ts';
import { readLineSettings } from './line-settings.ts';
import { readLogins } from './logins-section.ts';
import { certificate, privateKey, readPem, type Pem, type PemForm } from './pem.ts';
import { placeIn, readSection } from './section.ts';
import type { SourcesContext } from './sources-section.ts';

type Path = readonly PropertyKey[];

/** Reads a source of kind `syslog`; `null` when it is refused, with its problems reported. */
export function readSyslogSource(
  context: SourcesContext,
  value: unknown,
  path: Path,
): SyslogSourceConfiguration | null {
  const read = readSection(context.file, sourceSchemas.syslog, value, path);
  const logins = readLogins(context.file, value, path, true);
  const lines = readLineSettings(context.file, value, path);
  if (read === null || logins === 'refused' || lines === 'refused') return null;
  const { id, kind, format, expectEvery } = read;
  const ways = readWays(context, read, path);
  const trustedProxies = read.trustedProxies ?? context.trustedProxies;
  return ways && { id, kind, ...ways, format, ...lines, logins, trustedProxies, expectEveryMs: expectEvery };
}

type Ways = Pick<SyslogSourceConfiguration, 'udp' | 'tcp' | 'tls' | 'allow'>;

function readWays(
  context: SourcesContext,
  given: z.output<typeof sourceSchemas.syslog>,
  path: Path,
): Ways | null {
  const { udp = null, tcp = null, allow = null } = given;
  const tls = given.tls === undefined ? null : readTls(context, given.tls, [...path, 'tls']);
  const listened = [udp, tcp, tls === 'refused' ? null : tls?.listen].filter((way) => !!way);
  const report = reporter(context, path);
  if (listened.length === 0 && tls === null)
    return report('udp', 'found no way in, expected udp, tcp or tls');
  const isGuarded = allow !== null || guardedByItself(listened, report);
  return tls === 'refused' || !isGuarded ? null : { udp, tcp, tls, allow };
}

/** Without a list of senders only this machine may reach us. */
function guardedByItself(
  listened: readonly ListenAddress[],
  report: (key: string, what: string) => null,
): boolean {
  const wide = listened.find((address) => !isLoopback(address));
  if (!wide) return true;
  const address = printListenAddress(wide);
  report('allow', `found nothing beside ${address}, expected who may send, like [192.0.2.0/24]`);
  return false;
}

function readTls(context: SourcesContext, value: unknown, path: Path): SyslogTls | 'refused' {
  const given = readSection(context.file, syslogTlsSchema, value, path);
  if (given === null) return 'refused';
  const report = reporter(context, path);
  const read = <T>(key: 'cert' | 'key' | 'ca', name: string, form: PemForm<T>): Pem<T> | null => {
    const pem = readPem(context.files, resolve(context.folder, name), form);
    return pem.ok ? pem.value : report(key, pem.message);
  };
  const cert = read('cert', given.cert, certificate);
  const key = read('key', given.key, privateKey);
  const ca = given.ca === undefined ? undefined : read('ca', given.ca, certificate);
  if (cert === null || key === null || ca === null) return 'refused';
  if (cert.parsed.checkPrivateKey(key.parsed))
    return { listen: given.listen, cert: cert.text, key: key.text, ca: ca?.text ?? null };
  report('key', 'found the key of another certificate, expected that of cert');
  return 'refused';
}

const reporter =
  ({ file }: SourcesContext, path: Path) =>
  (key: string, what: string): null => {
    file.problems.report(placeIn(file, [...path, key]), what);
    return null;
  };
