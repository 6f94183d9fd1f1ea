import { describe, expect, it } from 'vitest';
import { createZone, utc } from '../../../../server/config/zone.ts';
import { parseAnyTime } from '../../../../server/ingest/parsers/any-time.ts';
import { parseIsoTime } from '../../../../server/ingest/parsers/iso-time.ts';
import { parseLogTime } from '../../../../server/ingest/parsers/log-time.ts';

const zoneOf = (name: string) => createZone(name) ?? expect.fail(`no zone ${name}`);

describe('the time of an access log', () => {
  it.each([
    ['23/Nov/2026:13:52:04 +0700', '2026-11-23T06:52:04Z'],
    ['23/Nov/2026:13:52:04 +07:00', '2026-11-23T06:52:04Z'],
    ['23/Nov/2026:13:52:04.1239 +0700', '2026-11-23T06:52:04.123Z'],
    ['3/Nov/2026:13:52:04,5 +0700', '2026-11-03T06:52:04.500Z'],
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
    '23/Nov/2026:13:52:61 +0700',
    '29/Feb/2027:13:52:04 +0700',
    '23/Nov/1969:13:52:04 +0700',
    '23/Nov/2300:13:52:04 +0700',
    '-',
  ])('%j is none', (text) => {
    expect(parseLogTime(text)).toBeNull();
  });

  it('is read in the zone of its source where it names none, whatever was read before', () => {
    const text = '23/Nov/2026:13:52:04.250';
    const times = [utc, zoneOf('Asia/Jakarta'), zoneOf('-03:30'), utc].map((zone) =>
      parseLogTime(text, zone),
    );
    expect(times).toEqual(
      ['13:52', '06:52', '17:22', '13:52'].map((time) => Date.parse(`2026-11-23T${time}:04.250Z`)),
    );
  });
});

describe('a time in ISO 8601', () => {
  it.each([
    ['2026-11-23T06:52:04Z', '2026-11-23T06:52:04Z'],
    ['2026-11-23T13:52:04.123456+07:00', '2026-11-23T06:52:04.123Z'],
    ['2026-11-23 13:52:04,5 +0700', '2026-11-23T06:52:04.500Z'],
    ['2026/11/23 06:52:04', '2026-11-23T06:52:04Z'],
    ['2026-12-31T23:59:60Z', '2027-01-01T00:00:00Z'],
    ['2026-11-23T13:52:04+07', '2026-11-23T06:52:04Z'],
  ])('%s is %s', (text, iso) => {
    expect(parseIsoTime(text, utc)).toBe(Date.parse(iso));
  });

  it.each(['2026-11-23', '2026-11-23T06:52Z', '2026-02-30T06:52:04Z', '2026-13-01T06:52:04Z', '1234', '-'])(
    '%j is none',
    (text) => {
      expect(parseIsoTime(text, utc)).toBeNull();
    },
  );
});

describe('a time in JSON', () => {
  it.each([
    [1_795_416_724, '2026-11-23T06:52:04Z'],
    [1_795_416_724.123, '2026-11-23T06:52:04.123Z'],
    ['1795416724.123', '2026-11-23T06:52:04.123Z'],
    [1_795_416_724_123, '2026-11-23T06:52:04.123Z'],
    [1_795_416_724_123_456, '2026-11-23T06:52:04.123Z'],
    ['1795416724123000000', '2026-11-23T06:52:04.123Z'],
    ['2026-11-23T06:52:04Z', '2026-11-23T06:52:04Z'],
    ['23/Nov/2026:13:52:04 +0700', '2026-11-23T06:52:04Z'],
  ])('%j is %s', (value, iso) => {
    expect(parseAnyTime(value, utc)).toBe(Date.parse(iso));
  });

  it.each([0, -1, 1e300, Number.NaN, null, true, {}, 'yesterday', ''])('%j is none', (value) => {
    expect(parseAnyTime(value, utc)).toBeNull();
  });
});
