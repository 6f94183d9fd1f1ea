import { expect, test } from 'vitest';
import { createSecondRing, ringSeconds } from '../../../client/state/second-ring.ts';
import { frameOf, start } from '../live-samples.ts';

test('a frame and a bucket of a series that name the same second meet', () => {
  const ring = createSecondRing();
  ring.addFrame(frameOf(5));
  ring.addSeries({
    bucketMs: 1_000,
    at: [start + 3_000],
    success: [1],
    failure: [1],
    blocked: [1],
    events: [1],
    heard: [1],
  });
  expect(ring.columns(start + 5_000, 3)).toEqual({
    at: [start + 3_000, start + 4_000, start + 5_000],
    success: [null, 1, 10],
    failure: [null, 1, 2],
    blocked: [null, 1, 1],
    events: [null, 1, 100],
  });
});

test('a sum says of how many seconds it is', () => {
  const ring = createSecondRing();
  for (const seq of [1, 2, 4]) ring.addFrame(frameOf(seq));
  expect(ring.sum(start + 4_000, 60)).toEqual({ success: 30, failure: 6, blocked: 3, events: 300, heard: 3 });
});

test('forgets what is older than 15 minutes', () => {
  const ring = createSecondRing();
  ring.addFrame(frameOf(0));
  ring.addFrame(frameOf(ringSeconds));
  expect(ring.sum(start + ringSeconds * 1_000, ringSeconds).heard).toBe(1);
  expect(ring.columns(start + ringSeconds * 1_000).at).toHaveLength(ringSeconds);
});

test('an old second does not overwrite a newer one in its place', () => {
  const ring = createSecondRing();
  ring.addFrame(frameOf(ringSeconds));
  ring.addFrame(frameOf(0));
  expect(ring.sum(start + ringSeconds * 1_000, 1).heard).toBe(1);
});

test('a bucket of a series in which nothing was heard leaves a gap', () => {
  const ring = createSecondRing();
  const zero = { success: [0], failure: [0], blocked: [0], events: [0] };
  ring.addSeries({ bucketMs: 1_000, at: [start], ...zero, heard: [0] });
  ring.addSeries({ bucketMs: 1_000, at: [start + 1_000], ...zero, heard: [1] });
  expect(ring.columns(start + 2_000, 2).failure).toEqual([null, 0]);
});
