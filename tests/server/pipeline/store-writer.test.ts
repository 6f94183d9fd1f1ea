import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EventBatch } from '../../../server/store/events/event-store.ts';
import { batchOf } from '../../../server/store/events/row-writer.ts';
import { emptyEvent } from '../../../shared/event/empty-event.ts';
import type { SiagaEvent } from '../../../shared/event/fields.ts';
import { eventsIn } from '../store/events/events-in.ts';
import { createStoreWriter } from '../../../server/pipeline/store-writer.ts';

const lineOf = (line: string) => ({ ...emptyEvent(), 'event.original': line });
const batch = (...lines: string[]) => batchOf(lines.map(lineOf));
const nameOf = (inserted: EventBatch) => linesIn(inserted).join();
const linesIn = (inserted: EventBatch) => eventsIn(inserted).map((event) => event['event.original']);

describe('the store writer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function start(insert: (name: string, inserted: EventBatch) => Promise<void>) {
    const writer = createStoreWriter({
      store: { insert: (inserted) => insert(nameOf(inserted), inserted) },
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
    const stored: SiagaEvent[] = [];
    const durable = vi.fn();
    const writer = start((_name, inserted) => {
      const events = eventsIn(inserted);
      if (events.some((event) => event['url.path'] === '/bad'))
        return Promise.reject(new Error('Code: 27. DB::Exception: Cannot parse input'));
      stored.push(...events);
      return Promise.resolve();
    });
    const lines = ['a', 'b', 'bad', 'c', 'd'];
    writer.write(batchOf(lines.map((line) => ({ ...lineOf(line), 'url.path': `/${line}` }))), durable);
    await writer.drain(1_000);
    expect(stored.map((event) => event['event.original'])).toEqual(lines);
    expect(stored.map((event) => event['url.path'])).toEqual(['/a', '/b', null, '/c', '/d']);
    expect(stored[2]).toMatchObject({ 'event.dataset': 'unparsed' });
    expect(stored[2]?.['error.message']).toContain('Cannot parse input');
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
