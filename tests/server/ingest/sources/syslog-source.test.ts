import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { syslogLimits } from '../../../../server/ingest/sources/syslog-limits.ts';
import { createSyslogSource } from '../../../../server/ingest/sources/syslog-source.ts';
import { troubleMs } from '../../../../server/ingest/sources/syslog-troubles.ts';
import { createSyslogBench, write, type BenchOptions } from './syslog-bench.ts';

const benches: ReturnType<typeof createSyslogBench>[] = [];
const until = (check: () => unknown) => vi.waitFor(check, { timeout: 5_000, interval: 5 });

async function start(options?: BenchOptions) {
  const bench = createSyslogBench(options);
  benches.push(bench);
  await bench.start();
  return bench;
}

afterEach(async () => {
  await Promise.all(benches.splice(0).map((bench) => bench.close()));
});

async function sendDatagrams(port: number, messages: readonly (string | Uint8Array)[], from = '127.0.0.1') {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => void socket.bind(0, from, resolve));
  for (const message of messages)
    await new Promise<void>((resolve) => socket.send(message, port, '127.0.0.1', () => resolve()));
  socket.close();
}

describe('syslog over TCP', () => {
  it('takes lines and counted frames, each connection in its own way', async () => {
    const { taker, connect } = await start();
    const lines = await connect();
    const counted = await connect();
    await write(lines.socket, '<13>one\n<13>two\r\n');
    await write(counted.socket, '9 <13>three8 <13>fo\nr');
    await until(() => expect(taker.lines()).toHaveLength(4));
    expect(taker.lines().toSorted()).toEqual(['<13>fo#012r', '<13>one', '<13>three', '<13>two\r']);
  });

  it('names the connection of each line, and its place in it', async () => {
    const { taker, connect } = await start({ limits: { batchBytes: 1 } });
    const { socket } = await connect();
    await write(socket, '<13>one\n<13>three\n');
    await until(() => expect(taker.chunks).toHaveLength(2));
    const other = await connect();
    await write(other.socket, '<13>two\n');
    await until(() => expect(taker.chunks).toHaveLength(3));
    expect(taker.chunks.map(({ origin }) => origin)).toEqual([
      { source: 'web', file: { id: 'tcp:2', offset: 0 } },
      { source: 'web', file: { id: 'tcp:2', offset: 8 } },
      { source: 'web', file: { id: 'tcp:3', offset: 0 } },
    ]);
  });

  it('takes a last line without an end when the sender ends in order', async () => {
    const { taker, rejections, connect } = await start();
    const { socket } = await connect();
    socket.end('<13>one\n<13>two');
    await until(() => expect(taker.lines()).toEqual(['<13>one', '<13>two']));
    expect(rejections).toEqual([]);
  });

  it('rejects a last line without an end at a reset', async () => {
    const { taker, rejections, connect } = await start();
    const { socket } = await connect();
    await write(socket, '<13>one\n<13>tw');
    await until(() => expect(taker.lines()).toEqual(['<13>one']));
    socket.resetAndDestroy();
    await until(() => expect(rejections).toHaveLength(1));
    expect(rejections).toEqual([{ source: 'web', lines: 1, reason: 'connection-reset', sample: '<13>tw' }]);
    expect(taker.lines()).toEqual(['<13>one']);
  });

  it('counts nothing at a reset between frames', async () => {
    const { taker, rejections, connect, source } = await start();
    const { socket } = await connect();
    await write(socket, '<13>one\n');
    await until(() => expect(taker.lines()).toEqual(['<13>one']));
    socket.resetAndDestroy();
    await source.stop();
    expect(rejections).toEqual([]);
  });

  it.each([
    ['a frame that is cut short at the end', '3 one9 <13>tw', 'frame-cut-short'],
    ['a count that is none', '3 onetwo', 'bad-frame-length'],
    ['a count over the limit', '3 one2000000 <13>two', 'frame-too-long'],
    ['a line over the limit', `one\n${'x'.repeat(1_048_577)}`, 'frame-too-long'],
  ])('rejects %s, keeps what came before, and closes', async (_, stream, reason) => {
    const { taker, rejections, log, connect } = await start();
    const { socket, closed } = await connect();
    if (reason === 'frame-cut-short') socket.end(stream);
    else socket.write(stream);
    await closed;
    await until(() => expect(taker.lines()).toEqual(['one']));
    expect(rejections).toMatchObject([{ source: 'web', lines: 1, reason }]);
    expect(rejections[0]?.sample.length).toBeLessThanOrEqual(200);
    expect(log).toEqual([`source web: ${reason}, 1 times, last from 127.0.0.1`]);
  });

  it.each(['lines', 'counted frames'])('takes messages up to the limit as one line each: %s', async (way) => {
    const { taker, rejections, connect } = await start();
    const { socket } = await connect();
    const long = 'x'.repeat(syslogLimits.maxFrameBytes);
    socket.end(way === 'lines' ? `${long}\nlast\n` : `${long.length} ${long}4 last`);
    await until(() => expect(taker.lines()).toHaveLength(2));
    expect(taker.lines().map(({ length }) => length)).toEqual([long.length, 4]);
    expect(rejections).toEqual([]);
  });

  it('stops reading a connection while too much of it is under way, and goes on after that', async () => {
    const { taker, connect } = await start({ limits: { maxConnectionBytes: 100_000, batchBytes: 10_000 } });
    taker.hold();
    const { socket } = await connect();
    const lines = Array.from({ length: 60_000 }, (_value, n) => `<13>line ${n} ${'x'.repeat(30)}`);
    const sent = lines.map((line) => `${line}\n`).join('');
    socket.write(sent);
    const taken = (): number => taker.chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
    await until(() => expect(taken()).toBeGreaterThan(100_000));
    // A second connection is not held up.
    const other = await connect();
    await write(other.socket, '<13>other\n');
    await until(() => expect(taker.lines()).toContain('<13>other'));
    // One more piece of what the system hands over at once, and not the megabytes that wait.
    expect(taken()).toBeLessThan(100_000 + 2 * 65_536);
    taker.release();
    await until(() => expect(taken()).toBe(sent.length + '<13>other\n'.length));
    expect(taker.lines().filter((line) => line !== '<13>other')).toEqual(lines);
  });

  it('refuses connections over the limit of the source, says so, and forgets it a minute later', async () => {
    const bench = await start({ limits: { maxConnections: 2 } });
    await bench.connect();
    const second = await bench.connect();
    expect(bench.source.fault()).toBeNull();
    await (
      await bench.connect()
    ).closed;
    expect(bench.source.fault()).toBe('overloaded');
    expect(bench.log).toEqual(['source web: too-many-connections, 1 times, last from 127.0.0.1']);
    expect(bench.rejections).toEqual([]);
    bench.pass(troubleMs);
    expect(bench.source.fault()).toBeNull();
    second.socket.destroy();
    await until(async () => {
      const third = await bench.connect();
      await write(third.socket, '<13>third\n');
      expect(bench.taker.lines()).toContain('<13>third');
    });
  });

  it('refuses connections over the limit of an address, and takes those of others', async () => {
    const bench = await start({ limits: { maxConnectionsPerAddress: 1 } });
    await bench.connect('127.0.0.2');
    await (
      await bench.connect('127.0.0.2')
    ).closed;
    expect(bench.log).toEqual(['source web: too-many-of-address, 1 times, last from 127.0.0.2']);
    expect(bench.source.fault()).toBe('overloaded');
    const other = await bench.connect('127.0.0.3');
    await write(other.socket, '<13>other\n');
    await until(() => expect(bench.taker.lines()).toEqual(['<13>other']));
  });

  it('counts a closed connection on while lines of it are under way', async () => {
    const { taker, connect } = await start({ limits: { maxConnections: 1 } });
    taker.hold();
    const first = await connect();
    first.socket.end('<13>one\n');
    await first.closed;
    await until(() => expect(taker.lines()).toEqual(['<13>one']));
    await (
      await connect()
    ).closed;
    taker.release();
    await until(async () => {
      const next = await connect();
      await write(next.socket, '<13>next\n');
      expect(taker.lines()).toContain('<13>next');
    });
  });

  it('lets in only those who are allowed, and is no worse for the others', async () => {
    const bench = await start({ allow: ['127.0.0.2', '127.0.1.0/24', '2001:db8::/32'] });
    await (
      await bench.connect('127.0.0.1')
    ).closed;
    await (
      await bench.connect('127.0.2.1')
    ).closed;
    expect(bench.log).toEqual(['source web: address-not-allowed, 1 times, last from 127.0.0.1']);
    expect(bench.source.fault()).toBeNull();
    for (const address of ['127.0.0.2', '127.0.1.77']) {
      const { socket } = await bench.connect(address);
      await write(socket, `<13>${address}\n`);
    }
    await until(() => expect(bench.taker.lines().toSorted()).toEqual(['<13>127.0.0.2', '<13>127.0.1.77']));
    expect(bench.rejections).toEqual([]);
    // What was held back is told with the next minute.
    bench.pass(troubleMs);
    expect(bench.log[1]).toBe('source web: address-not-allowed, 1 times, last from 127.0.2.1');
  });

  it('closes a connection that says nothing for too long, and one that is too slow within a frame', async () => {
    const bench = await start();
    const silent = await bench.connect();
    const slow = await bench.connect();
    const lively = await bench.connect();
    await write(silent.socket, '<13>silent\n');
    await write(slow.socket, '12 <13>sl');
    await write(lively.socket, '<13>lively\n');
    await until(() => expect(bench.taker.lines()).toHaveLength(2));
    await write(slow.socket, 'o');
    bench.pass(syslogLimits.frameWithinMs);
    await slow.closed;
    expect(bench.rejections).toMatchObject([{ lines: 1, reason: 'frame-too-slow' }]);
    bench.pass(syslogLimits.idleMs - syslogLimits.frameWithinMs - 1);
    await write(lively.socket, '<13>again\n');
    await until(() => expect(bench.taker.lines()).toContain('<13>again'));
    bench.pass(1);
    await silent.closed;
    await write(lively.socket, '<13>still\n');
    await until(() => expect(bench.taker.lines()).toContain('<13>still'));
    expect(bench.rejections).toHaveLength(1);
    expect(bench.log.at(-1)).toBe('source web: idle, 1 times, last from 127.0.0.1');
    expect(bench.source.fault()).toBeNull();
  });

  it('does not count against a sender the time in which it was not read', async () => {
    const bench = await start({ limits: { maxConnectionBytes: 10, batchBytes: 1 } });
    bench.taker.hold();
    const { socket } = await bench.connect();
    await write(socket, '<13>0123456789\n<13>begun');
    await until(() => expect(bench.taker.chunks).toHaveLength(1));
    bench.pass(syslogLimits.idleMs * 2);
    bench.taker.release();
    await new Promise((resolve) => void setImmediate(resolve));
    bench.sweep();
    await write(socket, ' and ended\n');
    await until(() => expect(bench.taker.lines()).toEqual(['<13>0123456789', '<13>begun and ended']));
    bench.pass(syslogLimits.idleMs - 1);
    expect(bench.rejections).toEqual([]);
  });

  it('rejects at the stop what is not whole, and closes every connection', async () => {
    const { source, taker, rejections, connect } = await start();
    const half = await connect();
    const silent = await connect();
    await write(half.socket, '<13>one\n<13>tw');
    await until(() => expect(taker.lines()).toEqual(['<13>one']));
    await source.stop();
    await Promise.all([half.closed, silent.closed]);
    expect(rejections).toMatchObject([{ lines: 1, reason: 'source-stopped', sample: '<13>tw' }]);
  });
});

describe('syslog over UDP', () => {
  it('takes each datagram as one message', async () => {
    const { source, taker } = await start();
    await sendDatagrams(source.port('udp') ?? 0, [
      '<13>one',
      '<13>two\n',
      '<13>three\n4\n',
      '',
      '\n',
      '<13>end\0',
    ]);
    await until(() => expect(taker.lines()).toHaveLength(4));
    expect(taker.lines()).toEqual(['<13>one', '<13>two', '<13>three#0124', '<13>end']);
    expect(taker.chunks[0]?.origin).toEqual({ source: 'web', file: { id: 'udp:1', offset: 0 } });
  });

  it('rejects what comes faster than it becomes durable, counts it, and is overloaded for a minute', async () => {
    const bench = await start({ limits: { maxUdpBytes: 30, batchBytes: 1 } });
    bench.taker.hold();
    const port = bench.source.port('udp') ?? 0;
    await sendDatagrams(port, ['<13>one', '<13>two', '<13>three', '<13>four', '<13>five']);
    await until(() => expect(bench.rejections).toHaveLength(2));
    expect(bench.rejections[0]).toEqual({
      source: 'web',
      lines: 1,
      reason: 'udp-queue-full',
      sample: '<13>four',
    });
    expect(bench.taker.lines()).toEqual(['<13>one', '<13>two', '<13>three']);
    expect(bench.source.fault()).toBe('overloaded');
    bench.taker.release();
    await until(async () => {
      await sendDatagrams(port, ['<13>later']);
      expect(bench.taker.lines()).toContain('<13>later');
    });
    expect(bench.source.fault()).toBe('overloaded');
    bench.pass(troubleMs);
    expect(bench.source.fault()).toBeNull();
  });

  it('takes datagrams only of those who are allowed', async () => {
    const { source, taker, rejections, log } = await start({ allow: ['127.0.0.2'] });
    const port = source.port('udp') ?? 0;
    await sendDatagrams(port, ['<13>stranger'], '127.0.0.1');
    await sendDatagrams(port, ['<13>friend'], '127.0.0.2');
    await until(() => expect(taker.lines()).toEqual(['<13>friend']));
    expect(rejections).toEqual([]);
    expect(log).toEqual(['source web: address-not-allowed, 1 times, last from 127.0.0.1']);
    expect(source.fault()).toBeNull();
  });
});

describe('datagrams that come while nobody reads', () => {
  /** Sends from another process while this one is blocked, so that the kernel's buffer overflows. */
  const flood = (port: number, count: number, length: number) =>
    execFileSync(process.execPath, [
      '-e',
      `const s = require('dgram').createSocket('udp4');
       s.bind(0, '127.0.0.1', async () => {
         for (let n = 0; n < ${count}; n++) await new Promise((r) => s.send('x'.repeat(${length}), ${port}, '127.0.0.1', r));
         s.close();
       });`,
    ]);

  it.runIf(existsSync('/proc/net/udp'))('are stored or counted as rejected, each of them', async () => {
    const bench = await start();
    const count = 20_000;
    flood(bench.source.port('udp') ?? 0, count, 1_000);
    const taken = (): number =>
      bench.taker.chunks.reduce((sum, { bytes }) => sum + bytes.length, 0) / (1_000 + '\n'.length);
    const rejected = (): number => bench.rejections.reduce((sum, { lines }) => sum + lines, 0);
    await until(() => {
      bench.sweep();
      expect(taken() + rejected()).toBe(count);
    });
    expect(bench.rejections[0]).toMatchObject({ source: 'web', reason: 'udp-kernel-drop' });
    expect(bench.source.fault()).toBe('overloaded');
  });
});

describe('syslog on an address of IPv6', () => {
  const hasV6 = Object.values(networkInterfaces()).some((each) =>
    each?.some(({ family }) => family === 'IPv6'),
  );

  it.runIf(hasV6)('knows senders of IPv4 by their address of IPv4', async () => {
    const bench = await start({ host: '::', allow: ['127.0.0.2'] });
    const { socket } = await bench.connect('127.0.0.2');
    await write(socket, '<13>tcp\n');
    await sendDatagrams(bench.source.port('udp') ?? 0, ['<13>udp'], '127.0.0.2');
    await until(() => expect(bench.taker.lines().toSorted()).toEqual(['<13>tcp', '<13>udp']));
    await (
      await bench.connect('127.0.0.3')
    ).closed;
    expect(bench.log).toEqual(['source web: address-not-allowed, 1 times, last from 127.0.0.3']);
  });
});

describe('a syslog source that can not listen', () => {
  it('says where and why, and leaves nothing open', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => void taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const free = createSocket('udp4');
    await new Promise<void>((resolve) => void free.bind(0, '127.0.0.1', resolve));
    const udp = { host: '127.0.0.1', port: free.address().port };
    await new Promise<void>((resolve) => void free.close(resolve));
    const source = createSyslogSource({
      source: 'web',
      udp,
      tcp: { host: '127.0.0.1', port },
      tls: null,
      allow: null,
      limits: syslogLimits,
      reject: () => undefined,
      log: () => undefined,
      now: () => 0,
      newId: () => 'id',
      schedule: () => ({ cancel: () => undefined }),
      every: () => ({ cancel: () => undefined }),
    });
    await expect(source.start(() => new Promise(() => undefined))).rejects.toThrow(
      `source web can't listen on 127.0.0.1:${port} (tcp): listen EADDRINUSE`,
    );
    const again = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      again.once('error', reject);
      again.bind(udp.port, '127.0.0.1', resolve);
    });
    again.close();
    await source.stop();
    taken.close();
  });
});
