import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Chunk, ChunkReceipt, HandOver, Source } from '../../server/ingest/source.ts';

/** A source under test, and the way others send to it. */
export interface SourceBench {
  readonly source: Source;
  /** What keeps the books of what is handed over, where the source leaves that to others. */
  readonly booked?: (handOver: HandOver) => HandOver;
  /** Sends whole lines; resolves once they are on their way, not once they are durable. */
  send(lines: readonly string[]): Promise<void>;
  /** How many of the lines sent the source has committed, or answered as durable. */
  committed(): Promise<number>;
  close(): Promise<void>;
}

/** Takes chunks as the pipeline does; makes them durable at once, or when told. */
export function createTaker() {
  const chunks: Chunk[] = [];
  const waiting: (() => void)[] = [];
  let held = false;
  const handOver = (chunk: Chunk): Promise<ChunkReceipt> => {
    chunks.push(chunk);
    const received = textOf(chunk)
      .split('\n')
      .filter((line) => line !== '').length;
    const receipt = { received, stored: received, unparsed: 0, rejected: [], unparsedLines: [] };
    if (!held) return Promise.resolve(receipt);
    return new Promise((resolve) => void waiting.push(() => resolve(receipt)));
  };
  return {
    handOver,
    chunks,
    lines: () => chunks.flatMap((chunk) => textOf(chunk).split('\n')).filter((line) => line !== ''),
    hold: () => void (held = true),
    release: () => {
      held = false;
      for (const resolve of waiting.splice(0)) resolve();
    },
  };
}

const textOf = ({ bytes }: Chunk): string => new TextDecoder().decode(bytes);

/** What every source must do; run by each kind. */
export function describeSource(name: string, open: () => Promise<SourceBench>): void {
  describe(`${name}: source`, () => {
    const benches: SourceBench[] = [];
    const start = async () => {
      const bench = await open();
      benches.push(bench);
      const taker = createTaker();
      await bench.source.start(bench.booked?.(taker.handOver) ?? taker.handOver);
      return { bench, taker };
    };
    afterEach(async () => {
      for (const bench of benches.splice(0)) {
        await bench.source.stop();
        await bench.close();
      }
    });

    it('hands over every line once and in order', async () => {
      const { bench, taker } = await start();
      const lines = Array.from(
        { length: 2_000 },
        (_value, index) => `line ${index} ${'x'.repeat(index % 90)}`,
      );
      await bench.send(lines.slice(0, 700));
      await bench.send(lines.slice(700));
      await vi.waitFor(() => expect(taker.lines()).toHaveLength(lines.length), { timeout: 5_000 });
      expect(taker.lines()).toEqual(lines);
    });

    it('hands over whole lines only, and says where they came from', async () => {
      const { bench, taker } = await start();
      await bench.send(['one', 'two']);
      await vi.waitFor(() => expect(taker.lines()).toEqual(['one', 'two']), { timeout: 5_000 });
      for (const chunk of taker.chunks) expect(chunk.origin.source).toBe(bench.source.id);
    });

    it('commits only what is durable', async () => {
      const { bench, taker } = await start();
      taker.hold();
      await bench.send(['one', 'two']);
      await vi.waitFor(() => expect(taker.lines()).toHaveLength(2), { timeout: 5_000 });
      expect(await bench.committed()).toBe(0);
      taker.release();
      await vi.waitFor(async () => expect(await bench.committed()).toBe(2), { timeout: 5_000 });
    });

    it('waits at the stop for what is under way, takes nothing more, and may be stopped twice', async () => {
      const { bench, taker } = await start();
      taker.hold();
      await bench.send(['one']);
      await vi.waitFor(() => expect(taker.lines()).toHaveLength(1), { timeout: 5_000 });
      let stopped = false;
      const stop = bench.source.stop().then(() => (stopped = true));
      await new Promise((resolve) => setImmediate(resolve));
      expect(stopped).toBe(false);
      taker.release();
      await stop;
      await bench.source.stop();
      await bench.send(['late']).catch(() => undefined);
      expect(taker.lines()).toEqual(['one']);
    });

    it('has no fault while all is well', async () => {
      const { bench, taker } = await start();
      await bench.send(['one']);
      await vi.waitFor(() => expect(taker.lines()).toHaveLength(1), { timeout: 5_000 });
      expect(bench.source.fault()).toBeNull();
    });
  });
}
