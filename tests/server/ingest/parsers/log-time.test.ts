import { describe, expect, it } from 'vitest';
import { parseLogTime } from '../../../../server/ingest/parsers/log-time.ts';

describe('the time of an access log', () => {
  it.each([
    ['23/Nov/2026:13:52:04 +0700', '2026-11-23T06:52:04Z'],
    ['23/Nov/2026:00:30:00 +0900', '2026-11-22T15:30:00Z'],
    ['01/Jan/2027:00:00:00 -0330', '2027-01-01T03:30:00Z'],
    ['29/Feb/2028:23:59:60 +0000', '2028-03-01T00:00:00Z'],
  ])('%s is %s', (text, iso) => {
    expect(parseLogTime(text)).toBe(Date.parse(iso));
  });

  it.each([
    '',
    '23/Nov/2026',
    '32/Nov/2026:13:52:04 +0700',
    '23/nov/2026:13:52:04 +0700',
    '23/Nov/2026:24:00:00 +0700',
    '-',
  ])('%j is none', (text) => {
    expect(parseLogTime(text)).toBeNull();
  });
});
