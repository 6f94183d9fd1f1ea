import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLedger } from '../../../../server/coverage/ledger.ts';
import { createChunkStream } from '../../../../server/ingest/sources/chunk-stream.ts';
import { serveConnection } from '../../../../server/ingest/sources/syslog-connection.ts';
import { syslogLimits } from '../../../../server/ingest/sources/syslog-limits.ts';
import { createTroubles } from '../../../../server/ingest/sources/syslog-troubles.ts';
import { createTaker } from '../../../contract/source.suite.ts';

/** A connection over a stream in memory, so that the test says what was read and when; counted as the server counts. */
function connection(limits: Partial<typeof syslogLimits> = {}) {
  const all = { ...syslogLimits, ...limits };
  const taker = createTaker();
  const now = (): number => 1_000;
  const source = {
    id: 'web',
    kind: 'syslog',
    expectEveryMs: null,
    fault: () => null,
    behind: () => null,
  } as const;
  const ledger = createLedger({ sources: [source], startedAt: 0, now });
  const socket = new PassThrough();
  /** What other connections have under way. */
  const others = { bytes: 0 };
  let settled: Promise<unknown> = Promise.resolve();
  const served = serveConnection({
    socket: socket as unknown as Socket,
    address: '192.0.2.1',
    limits: all,
    troubles: createTroubles({
      source: 'web',
      reject: ({ lines }) => ledger.reject('web', lines),
      log: () => undefined,
      now,
    }),
    now,
    openStream: (onDurable) =>
      createChunkStream({
        ...all,
        source: 'web',
        id: 'tcp:1',
        handOver: async (chunk) => {
          const lines = Buffer.from(chunk.bytes).toString('latin1').split('\n').length - 1;
          ledger.receive('web', { received: lines, unparsed: 0, late: 0, newest: null });
          const receipt = await taker.handOver(chunk);
          ledger.store('web', lines);
          return receipt;
        },
        schedule: () => ({ cancel: () => undefined }),
        onDurable,
      }),
    allUnderWay: () => others.bytes,
    onClosed: (stream) => void (settled = stream.settled()),
  });
  const closed = new Promise((resolve) => void socket.on('close', resolve));
  return {
    ...served,
    socket,
    others,
    taker,
    /** Once it is closed and its lines are durable. */
    totals: async () => {
      await closed;
      await settled;
      const [health] = ledger.health();
      return { ...health?.totals, pending: health?.pending };
    },
  };
}

const turn = () => new Promise((resolve) => void setImmediate(resolve));

describe('a syslog connection', () => {
  it('takes at the stop what was read already and had to wait', async () => {
    const { socket, stop, taker, totals } = connection({ maxConnectionBytes: 10, batchBytes: 1 });
    taker.hold();
    socket.write('<13>first line\n');
    await turn();
    socket.write('<13>second\n<13>third\n<13>fo');
    await turn();
    expect(taker.lines()).toEqual(['<13>first line']);
    stop();
    taker.release();
    expect(await totals()).toMatchObject({ received: 4, stored: 3, unparsed: 0, rejected: 1, pending: 0 });
    expect(taker.lines()).toEqual(['<13>first line', '<13>second', '<13>third']);
  });

  it('is read no further than its share while all together have much under way', async () => {
    const { socket, taker, others, totals } = connection({ fairConnectionBytes: 10, batchBytes: 1 });
    taker.hold();
    socket.write('<13>first line\n');
    await turn();
    socket.write('<13>second line\n');
    await turn();
    expect(taker.lines()).toEqual(['<13>first line', '<13>second line']);
    others.bytes = syslogLimits.maxStreamBytes + 1;
    socket.write('<13>third line\n');
    await turn();
    socket.write('<13>fourth line\n');
    await turn();
    expect(taker.lines()).toHaveLength(3);
    taker.release();
    socket.end();
    expect(await totals()).toMatchObject({ received: 4, stored: 4, pending: 0 });
  });

  it('takes nothing after a frame that broke it off', async () => {
    const { socket, taker, totals } = connection();
    socket.write('3 onebad');
    socket.write('3 two');
    expect(await totals()).toMatchObject({ received: 2, stored: 1, unparsed: 0, rejected: 1, pending: 0 });
    expect(taker.lines()).toEqual(['one']);
  });
});

describe('property: a syslog connection', () => {
  const messages = fc.array(
    fc.string({ minLength: 1, maxLength: 20 }).map((some) => `<13>${some.replaceAll(/[\n\0\r]/g, '.')}`),
    { maxLength: 12 },
  );
  const frames: Record<string, (message: string) => string> = {
    lines: (message) => `${message}\n`,
    counted: (message) => `${Buffer.byteLength(message)} ${message}`,
  };

  it('counts every message that began as stored or as rejected, wherever it is cut and however it ends', async () => {
    const property = fc.asyncProperty(
      messages,
      fc.constantFrom('lines', 'counted'),
      fc.constantFrom('end', 'reset', 'stop'),
      fc.nat(),
      async (sent, framing, ending, at) => {
        const parts = sent.map((message) => Buffer.from(frames[framing]?.(message) ?? ''));
        const stream = Buffer.concat(parts);
        const cut = at % (stream.length + 1);
        let whole = 0;
        let length = 0;
        for (const part of parts) if ((length += part.length) <= cut) whole += 1;
        const wholeBytes = parts.slice(0, whole).reduce((sum, part) => sum + part.length, 0);
        const begun = cut > wholeBytes ? 1 : 0;
        // Closed in order, a line needs no end; a connection of nothing but digits is a line too.
        const isLine = framing === 'lines' || /^\d+$/.test(stream.subarray(0, cut).toString());
        const isTaken = begun === 1 && isLine && ending === 'end';

        const { socket, stop, totals } = connection({ batchBytes: 64 });
        if (cut > 0) socket.write(stream.subarray(0, cut));
        await turn();
        if (ending === 'end') socket.end();
        else if (ending === 'reset') socket.destroy(new Error('reset'));
        else stop();
        expect(await totals()).toMatchObject({
          received: whole + begun,
          stored: whole + (isTaken ? 1 : 0),
          unparsed: 0,
          rejected: isTaken ? 0 : begun,
          pending: 0,
        });
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });
});
