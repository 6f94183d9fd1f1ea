import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTimesWindow, createValuesWindow } from '../../../../server/detect/windows/counting-window.ts';

const spanMs = 100;

describe('the window of an event count', () => {
  it.each([
    ['an event exactly one time span old is still in', [0, 50, 100], true],
    ['an event one millisecond older is out', [0, 50, 101], false],
    ['events at one moment all count', [5, 5, 5], true],
    ['events out of order count by their own time', [100, 0, 50], true],
    ['one event too few', [0, 50], false],
  ])('%s', (_title, times, reached) => {
    const window = createTimesWindow(3);
    for (const time of times) window.add(time, '');
    expect(window.isReached(Math.max(...times), spanMs)).toBe(reached);
  });

  it('agrees with counting all events, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(400), { minLength: 1 }), fc.integer({ min: 1, max: 6 }), (times, size) => {
        const window = createTimesWindow(size);
        const seen: number[] = [];
        for (const time of times) {
          window.add(time, '');
          seen.push(time);
          const newest = Math.max(...seen);
          const inside = seen.filter((one) => newest - one <= spanMs);
          expect(window.isReached(newest, spanMs)).toBe(inside.length >= size);
        }
      }),
    );
  });
});

describe('the window of a value count', () => {
  it('counts a value once, by the last time it was seen', () => {
    const window = createValuesWindow(2);
    window.add(0, 'a');
    window.add(90, 'a');
    expect(window.isReached(90, spanMs)).toBe(false);
    window.add(190, 'b');
    expect(window.isReached(190, spanMs)).toBe(true);
    expect(window.oldest()).toBe(90);
  });

  it('leaves absent values out', () => {
    const window = createValuesWindow(1);
    window.add(0, null);
    expect(window.isReached(0, spanMs)).toBe(false);
  });

  it('agrees with counting all values, in any order', () => {
    const event = fc.tuple(fc.nat(400), fc.constantFrom('a', 'b', 'c', 'd', 'e'));
    fc.assert(
      fc.property(fc.array(event, { minLength: 1 }), fc.integer({ min: 1, max: 4 }), (events, size) => {
        const window = createValuesWindow(size);
        const seen: (readonly [number, string])[] = [];
        for (const [time, value] of events) {
          window.add(time, value);
          seen.push([time, value]);
          const newest = Math.max(...seen.map(([one]) => one));
          const inside = new Set(seen.filter(([one]) => newest - one <= spanMs).map(([, one]) => one));
          expect(window.isReached(newest, spanMs)).toBe(inside.size >= size);
        }
      }),
    );
  });
});
