import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SyslogTls } from '../../../../server/config/configuration.ts';
import type { SourceRejection } from '../../../../server/ingest/source.ts';
import { syslogLimits, type SyslogLimits } from '../../../../server/ingest/sources/syslog-limits.ts';
import { createSyslogSource } from '../../../../server/ingest/sources/syslog-source.ts';
import { createTaker } from '../../../contract/source.suite.ts';

/** A free port of the loopback, chosen by the system. */
export const loopback = { host: '127.0.0.1', port: 0 };

export interface BenchOptions {
  readonly limits?: Partial<SyslogLimits>;
  readonly tls?: SyslogTls;
  readonly allow?: readonly string[];
  /** `::` hears IPv4 too. */
  readonly host?: string;
}

/** A source that listens on every way it can, with a clock and a sweep that the test moves. */
export function createSyslogBench({ limits = {}, tls, allow, host = '127.0.0.1' }: BenchOptions = {}) {
  const taker = createTaker();
  const rejections: SourceRejection[] = [];
  const log: string[] = [];
  const clients: Socket[] = [];
  let now = 1_700_000_000_000;
  let ids = 0;
  let sweep: () => void = () => undefined;
  const source = createSyslogSource({
    source: 'web',
    udp: { host, port: 0 },
    tcp: { host, port: 0 },
    tls: tls ?? null,
    allow: allow ?? null,
    limits: { ...syslogLimits, ...limits },
    reject: (rejection) => void rejections.push(rejection),
    log: (message) => void log.push(message),
    now: () => now,
    newId: () => String((ids += 1)),
    schedule: (callback, afterMs) => {
      const timer = setTimeout(callback, afterMs);
      return { cancel: () => clearTimeout(timer) };
    },
    every: (callback) => {
      sweep = callback;
      return { cancel: () => void (sweep = () => undefined) };
    },
  });
  return {
    source,
    taker,
    rejections,
    log,
    sweep: () => sweep(),
    pass: (ms: number) => {
      now += ms;
      sweep();
    },
    start: () => source.start(taker.handOver),
    /** A connection of a sender; what the server does to it is an event, never an error of the test. */
    connect: async (localAddress = '127.0.0.1') => {
      const socket = connect({ host: '127.0.0.1', port: source.port('tcp') ?? 0, localAddress });
      clients.push(socket);
      const closed = new Promise<void>((resolve) => void socket.on('close', () => resolve()));
      socket.on('error', () => undefined);
      socket.resume();
      await Promise.race([closed, new Promise((resolve) => void socket.once('connect', resolve))]);
      return { socket, closed };
    },
    close: async () => {
      for (const client of clients) client.destroy();
      taker.release();
      await source.stop();
    },
  };
}

/** Bytes sent and taken by the system. */
export const write = (socket: Socket, bytes: string | Uint8Array): Promise<void> =>
  new Promise((resolve) => void socket.write(bytes, () => resolve()));

/** A certificate authority, a server's and a client's certificate made by openssl, in PEM. */
export function createCertificates() {
  const folder = mkdtempSync(join(tmpdir(), 'siaga-certificates-'));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  try {
    openssl(
      'req',
      '-x509',
      ...key,
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-days',
      '2',
      '-subj',
      '/CN=Test CA',
    );
    const leaf = (name: string): void => {
      const names = `subjectAltName=DNS:localhost,IP:127.0.0.1`;
      const request = [
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.csr`,
        '-subj',
        `/CN=${name}`,
        '-addext',
        names,
      ];
      openssl('req', ...key, ...request);
      const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-copy_extensions', 'copy'];
      openssl('x509', '-req', '-in', `${name}.csr`, ...signed, '-days', '2', '-out', `${name}.pem`);
    };
    leaf('server');
    leaf('client');
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
    return {
      ca: read('ca.pem'),
      server: { cert: read('server.pem'), key: read('server.key') },
      client: { cert: read('client.pem'), key: read('client.key') },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
