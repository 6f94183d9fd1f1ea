import { describe, expect, it } from 'vitest';
import { createZone } from '../../../server/config/zone.ts';

const at = (zone: string, wall: string) => {
  const epoch = createZone(zone)?.(Date.parse(`${wall}Z`));
  return epoch === undefined ? null : new Date(epoch).toISOString().slice(0, 16);
};

describe('a time zone', () => {
  it.each([
    ['UTC', '2026-11-23T13:52', '2026-11-23T13:52'],
    ['Asia/Jakarta', '2026-11-23T13:52', '2026-11-23T06:52'],
    ['Asia/Makassar', '2026-11-23T13:52', '2026-11-23T05:52'],
    ['+07:00', '2026-11-23T13:52', '2026-11-23T06:52'],
    ['-0330', '2026-11-23T13:52', '2026-11-23T17:22'],
    ['Europe/Berlin', '2026-07-01T12:00', '2026-07-01T10:00'],
    ['Europe/Berlin', '2026-12-01T12:00', '2026-12-01T11:00'],
    ['Asia/Kathmandu', '2026-12-01T12:00', '2026-12-01T06:15'],
    ['Asia/Jakarta', '1971-01-01T12:00', '1971-01-01T05:00'],
  ])('%s says %s at %s UTC', (zone, wall, utc) => {
    expect(at(zone, wall)).toBe(utc);
  });

  it('means the first of a time that comes twice, and goes on where one is skipped', () => {
    expect(at('Europe/Berlin', '2026-10-25T02:30')).toBe('2026-10-25T00:30');
    expect(at('Europe/Berlin', '2026-10-25T03:00')).toBe('2026-10-25T02:00');
    expect(at('Europe/Berlin', '2026-03-29T02:30')).toBe('2026-03-29T01:30');
    expect(at('America/New_York', '2026-11-01T01:30')).toBe('2026-11-01T05:30');
  });

  it.each(['', 'Mars/Olympus', '+7', '+15:00', '+07:60', 'a'.repeat(65), '../etc', '07:00'])(
    '%j is none',
    (name) => {
      expect(createZone(name)).toBeNull();
    },
  );
});
