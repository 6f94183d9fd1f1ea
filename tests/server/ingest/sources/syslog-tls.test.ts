import { connect as connectPlain, type TcpNetConnectOpts } from 'node:net';
import { connect, type ConnectionOptions } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createCertificates, createSyslogBench, loopback, type BenchOptions } from './syslog-bench.ts';

const until = (check: () => unknown) => vi.waitFor(check, { timeout: 5_000, interval: 5 });
const benches: ReturnType<typeof createSyslogBench>[] = [];
let certificates: ReturnType<typeof createCertificates>;

beforeAll(() => {
  certificates = createCertificates();
});
afterEach(async () => {
  await Promise.all(benches.splice(0).map((bench) => bench.close()));
});

async function start(options: BenchOptions & { clients?: boolean } = {}) {
  const { server, ca } = certificates;
  const tls = { listen: loopback, ...server, ca: options.clients ? ca : null };
  const bench = createSyslogBench({ ...options, tls });
  benches.push(bench);
  await bench.start();
  return { ...bench, port: bench.source.port('tls') ?? 0 };
}

/** A sender that trusts our authority; `closed` resolves however the connection ends. */
function send(port: number, text: string, options: ConnectionOptions & Partial<TcpNetConnectOpts> = {}) {
  const socket = connect({ host: '127.0.0.1', port, ca: certificates.ca, ...options });
  socket.on('error', () => undefined);
  socket.end(text);
  return new Promise<void>((resolve) => void socket.resume().on('close', () => resolve()));
}

describe('syslog over TLS', () => {
  it('takes lines and counted frames', async () => {
    const { port, taker } = await start();
    await send(port, '<13>one\n<13>two\n');
    await send(port, '9 <13>three');
    await until(() => expect(taker.lines()).toEqual(['<13>one', '<13>two', '<13>three']));
    expect(taker.chunks[0]?.origin.file?.id).toMatch(/^tls:/);
  });

  it('takes many lines in order, reading no faster than they become durable', async () => {
    const { port, taker } = await start({ limits: { maxConnectionBytes: 50_000, batchBytes: 10_000 } });
    const lines = Array.from({ length: 20_000 }, (_value, n) => `<13>line ${n}`);
    await send(port, lines.map((line) => `${line}\n`).join(''));
    await until(() => expect(taker.lines()).toHaveLength(lines.length));
    expect(taker.lines()).toEqual(lines);
  });

  it('asks for a certificate of our authority where one is required', async () => {
    const { port, taker, log, source } = await start({ clients: true });
    await send(port, '<13>without\n');
    await until(() => expect(log).toHaveLength(1));
    await send(port, '<13>with\n', certificates.client);
    await until(() => expect(taker.lines()).toEqual(['<13>with']));
    expect(log).toEqual(['source web: handshake-failed, 1 times, last from 127.0.0.1']);
    expect(source.fault()).toBeNull();
  });

  it('refuses one that another authority signed', async () => {
    const { port, taker, log } = await start({ clients: true });
    const other = createCertificates();
    await send(port, '<13>forged\n', other.client);
    await until(() => expect(log).toHaveLength(1));
    expect(taker.lines()).toEqual([]);
  });

  it('refuses old versions of TLS and what is no TLS at all', async () => {
    const { port, taker, log, rejections } = await start();
    await send(port, '<13>old\n', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' });
    const plain = connectPlain(port, '127.0.0.1', () => void plain.write('<13>plain\n'));
    plain.on('error', () => undefined);
    await new Promise((resolve) => void plain.resume().on('close', resolve));
    expect(taker.lines()).toEqual([]);
    expect(log).toHaveLength(1);
    expect(rejections).toEqual([]);
  });

  it('closes a connection that does not finish its hand-shake, and gives its place to another', async () => {
    const { port, taker, log } = await start({ limits: { handshakeMs: 50, maxConnections: 1 } });
    const silent = connectPlain(port, '127.0.0.1');
    silent.on('error', () => undefined);
    await new Promise((resolve) => void silent.resume().on('close', resolve));
    expect(log[0]).toMatch(/^source web: handshake-failed, 1 times, last from /);
    await until(async () => {
      await send(port, '<13>next\n');
      expect(taker.lines()).toContain('<13>next');
    });
  });

  it('refuses before the hand-shake those who are not allowed', async () => {
    const { port, taker, log } = await start({ allow: ['127.0.0.9'] });
    await send(port, '<13>stranger\n');
    await send(port, '<13>friend\n', { localAddress: '127.0.0.9' });
    await until(() => expect(taker.lines()).toEqual(['<13>friend']));
    expect(log).toEqual(['source web: address-not-allowed, 1 times, last from 127.0.0.1']);
  });

  it('ends at the stop with hand-shakes and connections open', async () => {
    const { port, source, taker } = await start();
    const silent = connectPlain(port, '127.0.0.1');
    silent.on('error', () => undefined);
    const open = connect({ host: '127.0.0.1', port, ca: certificates.ca });
    open.on('error', () => undefined);
    open.resume().write('<13>one\n');
    await until(() => expect(taker.lines()).toEqual(['<13>one']));
    const ended = [silent.resume(), open].map(
      (socket) => new Promise((resolve) => void socket.on('close', resolve)),
    );
    await source.stop();
    await Promise.all(ended);
  });
});
