import { expect, it } from 'vitest';
import { createRecentFrames } from '../../../server/live/recent-frames.ts';
import type { Frame } from '../../../shared/live/frame.ts';

const frame = (seq: number) =>
  ({ seq, at: seq * 1_000, events: 9, logins: { success: 3, failure: 2, blocked: 1 } }) as Frame;

it('a series has one heard second a frame, and none for what no frame covers', () => {
  const recent = createRecentFrames([frame(1), frame(2), frame(5)]);
  expect(recent.series(1)).toEqual({
    bucketMs: 1_000,
    at: [1_000, 4_000],
    success: [3, 3],
    failure: [2, 2],
    blocked: [1, 1],
    events: [9, 9],
    heard: [1, 1],
  });
});
