import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStoreWriter } from '../../../server/pipeline/store-writer.ts';

const batch = (name: string) => ({ tsv: new TextEncoder().encode(name), rows: 1 });
const nameOf = (tsv: Uint8Array) => new TextDecoder().decode(tsv);

describe('the store writer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function start(insert: (name: string) => Promise<void>) {
    const writer = createStoreWriter({
      store: { insert: ({ tsv }) => insert(nameOf(tsv)) },
      now: () => Date.now(),
      log: () => undefined,
    });
    return writer;
  }

  it('inserts one batch after the other, in order, and tells each when it is durable', async () => {
    const order: string[] = [];
    const writer = start(async (name) => {
      order.push(`begin ${name}`);
      await vi.advanceTimersByTimeAsync(name === 'a' ? 20 : 1);
      order.push(`end ${name}`);
    });
    writer.write(batch('a'), () => order.push('durable a'));
    writer.write(batch('b'), () => order.push('durable b'));
    await writer.drain(1_000);
    expect(order).toEqual(['begin a', 'end a', 'durable a', 'begin b', 'end b', 'durable b']);
  });

  it('tries a failing insert again, shows that it fails, and loses nothing', async () => {
    let failures = 3;
    const durable = vi.fn();
    const writer = start(() => (failures-- > 0 ? Promise.reject(new Error('disk full')) : Promise.resolve()));
    writer.write(batch('a'), durable);
    await vi.advanceTimersByTimeAsync(150);
    expect(writer.failingSince()).not.toBeNull();
    expect(durable).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(durable).toHaveBeenCalledOnce();
    expect(writer.failingSince()).toBeNull();
  });

  it('stores what is good of a batch that the store refuses, in order, and the row to blame as unparsed', async () => {
    const stored: string[] = [];
    const durable = vi.fn();
    const cells = (name: string) => [name, ...Array.from({ length: 33 }, () => '')].join('\t');
    const writer = start((text) => {
      if (/^bad/m.test(text)) return Promise.reject(new Error('Code: 27. DB::Exception: Cannot parse input'));
      stored.push(...text.trimEnd().split('\n'));
      return Promise.resolve();
    });
    const rows = ['a', 'b', 'bad', 'c', 'd'].map(cells);
    writer.write({ tsv: new TextEncoder().encode(`${rows.join('\n')}\n`), rows: 5 }, durable);
    await writer.drain(1_000);
    expect(stored.map((row) => row.split('\t')[0])).toEqual(['a', 'b', '', 'c', 'd']);
    expect(stored[2]).toContain('unparsed');
    expect(stored[2]).toContain('Cannot parse input');
    expect(durable).toHaveBeenCalledOnce();
    expect(writer.failingSince()).toBeNull();
  });

  it('gives up waiting at the stop when the store keeps failing', async () => {
    const durable = vi.fn();
    const writer = start(() => Promise.reject(new Error('disk full')));
    writer.write(batch('a'), durable);
    const drained = writer.drain(500);
    await vi.advanceTimersByTimeAsync(600);
    await drained;
    expect(durable).not.toHaveBeenCalled();
  });
});
