import { describe, expect, it } from 'vitest';
import { createBalanceWatch, forgetAfterMs, watchedMs } from '../../../server/coverage/balance-watch.ts';
import type { Ledger } from '../../../shared/api/ledger.ts';

const ledger = (balanced: boolean): Ledger => ({
  from: 0,
  to: 0,
  since: 0,
  balanced,
  sources: [],
  minutes: [],
  differences: [],
  rejections: [],
});

const settled = () => new Promise(setImmediate);

function start() {
  const clock = { now: 10_000_000 };
  const asked: { from: number; to: number }[] = [];
  const log: string[] = [];
  const next = { answer: (): Promise<Ledger> => Promise.resolve(ledger(true)) };
  let tick: (() => void) | null = null;
  const watch = createBalanceWatch({
    balance: (range) => {
      asked.push(range);
      return next.answer();
    },
    now: () => clock.now,
    every: (callback) => {
      tick = callback;
      return { cancel: () => (tick = null) };
    },
    log: (message) => log.push(message),
  });
  const look = async (answer: () => Promise<Ledger>, passed: number): Promise<void> => {
    next.answer = answer;
    clock.now += passed;
    tick?.();
    await settled();
  };
  return { watch, clock, asked, log, look, isTicking: () => tick !== null };
}

describe('the watch over the books', () => {
  it('looks at the last hour, and tells when it did', async () => {
    const { watch, clock, asked } = start();
    expect(watch.newest()).toBeNull();
    watch.start();
    await settled();
    expect(asked).toEqual([{ from: clock.now - watchedMs, to: clock.now }]);
    expect(watch.newest()).toEqual({ balanced: true, at: clock.now });
    expect(watch.holes()).toEqual([]);
  });

  it('makes a hole of a difference, since when it was first seen, until it is gone', async () => {
    const { watch, clock, look } = start();
    watch.start();
    await settled();
    await look(() => Promise.resolve(ledger(false)), 60_000);
    const since = clock.now;
    await look(() => Promise.resolve(ledger(false)), 60_000);
    expect(watch.holes()).toEqual([{ kind: 'ledger-off', since }]);
    await look(() => Promise.resolve(ledger(true)), 60_000);
    expect(watch.holes()).toEqual([]);
  });

  it('says nothing any more once it could not look for five minutes; a difference it knew of stays', async () => {
    const { watch, clock, log, look } = start();
    watch.start();
    await settled();
    await look(() => Promise.resolve(ledger(false)), 60_000);
    await look(() => Promise.reject(new Error('no store')), 60_000);
    expect(log).toHaveLength(1);
    expect(watch.newest()).toMatchObject({ balanced: false });
    clock.now += forgetAfterMs;
    expect(watch.newest()).toBeNull();
    expect(watch.holes()).toHaveLength(1);
  });

  it('does not look twice at once, and waits for a look at the stop', async () => {
    const { watch, asked, look, isTicking } = start();
    let answer: (ledger: Ledger) => void = () => undefined;
    const slow = () => new Promise<Ledger>((resolve) => (answer = resolve));
    watch.start();
    await settled();
    await look(slow, 60_000);
    await look(slow, 60_000);
    expect(asked).toHaveLength(2);
    const stopped = watch.stop();
    answer(ledger(true));
    await stopped;
    expect(isTicking()).toBe(false);
  });
});
