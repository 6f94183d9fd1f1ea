import { describe, expect, it } from 'vitest';
import { createEventClock, maxEarlyEvents } from '../../../../server/cli/scan/event-clock.ts';
import { emptyEvent } from '../../../../shared/event/empty-event.ts';

const now = 9_000;

function stamped(times: readonly number[], { finish = true } = {}) {
  const clock = createEventClock(now);
  const seen: [number, number][] = [];
  for (const time of times) {
    const event = { ...emptyEvent(), '@timestamp': time };
    clock.stamp(event, (done) => seen.push([done['@timestamp'], done['event.ingested']]));
  }
  if (finish) clock.finish();
  return { seen, newest: clock.newest };
}

describe('an event of a scan', () => {
  it('arrives when it happens, or when the newest before it did', () => {
    expect(stamped([100, 300, 200]).seen).toEqual([
      [100, 100],
      [300, 300],
      [200, 300],
    ]);
  });

  it('without a time happens when the one before it did', () => {
    expect(stamped([100, 0, 300]).seen).toEqual([
      [100, 100],
      [100, 100],
      [300, 300],
    ]);
  });

  it('without a time before any other waits for the first that has one', () => {
    expect(stamped([0, 0], { finish: false }).seen).toEqual([]);
    expect(stamped([0, 0, 500]).seen).toEqual([
      [500, 500],
      [500, 500],
      [500, 500],
    ]);
  });

  it('happens now where none has a time', () => {
    expect(stamped([0, 0])).toEqual({
      seen: [
        [now, now],
        [now, now],
      ],
      newest: now,
    });
    expect(
      stamped(
        Array.from({ length: maxEarlyEvents }, () => 0),
        { finish: false },
      ).seen,
    ).toHaveLength(maxEarlyEvents);
  });

  it('is not there at all', () => {
    expect(stamped([])).toEqual({ seen: [], newest: -Infinity });
  });
});
