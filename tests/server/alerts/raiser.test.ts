import { describe, expect, it } from 'vitest';
import { createRaiser } from '../../../server/alerts/raiser.ts';
import type { Detection } from '../../../server/detect/detection.ts';

const detection = (id: string, count = 1): Detection => ({
  id,
  ruleId: 'r',
  key: {},
  first: 0,
  last: 0,
  count,
  parties: [],
});
const settle = () => new Promise((resolve) => void setImmediate(resolve));

function start() {
  let broken = false;
  const kept: Detection[][] = [];
  const raiser = createRaiser({
    raise: (detections) => {
      if (broken) return Promise.reject(new Error('disk full'));
      kept.push([...detections]);
      return Promise.resolve();
    },
    now: () => 7,
    log: () => undefined,
  });
  return { raiser, kept, setBroken: (value: boolean) => void (broken = value) };
}

describe('the raiser', () => {
  it('hands detections on at once', async () => {
    const { raiser, kept } = start();
    raiser.raise([detection('a')]);
    await settle();
    expect(kept).toEqual([[detection('a')]]);
    expect(raiser.failingSince()).toBeNull();
  });

  it('keeps what failed, the newest of each, says since when, and hands it on later', async () => {
    const { raiser, kept, setBroken } = start();
    setBroken(true);
    raiser.raise([detection('a', 1), detection('b')]);
    raiser.raise([detection('a', 5)]);
    await settle();
    expect(raiser.failingSince()).toBe(7);
    raiser.again();
    await settle();
    expect(kept).toEqual([]);
    setBroken(false);
    raiser.again();
    await settle();
    expect(kept).toEqual([[detection('a', 5), detection('b')]]);
    expect(raiser.failingSince()).toBeNull();
    raiser.again();
    await settle();
    expect(kept).toHaveLength(1);
  });
});
