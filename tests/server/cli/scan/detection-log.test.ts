import { describe, expect, it } from 'vitest';
import { createDetectionLog } from '../../../../server/cli/scan/detection-log.ts';
import type { Detection } from '../../../../server/detect/detection.ts';

const detection = (id: string, count = 1, first = 0): Detection => ({
  id,
  ruleId: 'rule',
  key: {},
  first,
  last: first,
  count,
  parties: [],
});
const counts = (detections: readonly Detection[]) => detections.map(({ id, count }) => [id, count]);

describe('a detection of a scan', () => {
  it('comes once, with its last total, when it was quiet for long enough', () => {
    let newest = 1_000;
    const log = createDetectionLog(100, () => newest);
    log.take(detection('a'));
    log.take(detection('b'));
    newest = 1_050;
    log.take(detection('a', 5));
    newest = 1_100;
    expect(counts(log.ended())).toEqual([]);
    newest = 1_101;
    expect(counts(log.ended())).toEqual([['b', 1]]);
    newest = 1_151;
    expect(counts(log.ended())).toEqual([['a', 5]]);
    expect(log.rest()).toEqual([]);
  });

  it('comes at the end otherwise, in the order of beginnings', () => {
    const log = createDetectionLog(100, () => 0);
    log.take(detection('late', 1, 20));
    log.take(detection('b', 1, 10));
    log.take(detection('a', 1, 10));
    expect(counts(log.rest())).toEqual([
      ['a', 1],
      ['b', 1],
      ['late', 1],
    ]);
  });

  it('comes early when too many are held, those quiet for longest first', () => {
    const log = createDetectionLog(100, () => 0, 2);
    for (const id of ['a', 'b', 'c']) log.take(detection(id));
    log.take(detection('a', 2));
    expect(counts(log.ended())).toEqual([['b', 1]]);
  });
});
