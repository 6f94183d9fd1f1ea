import { describe, expect, it } from 'vitest';
import { orbitAt, orbitStepMs, placement, readWallSettings } from '../../../client/wall/wall-settings.ts';

it.each([
  ['', { theme: 'dark', lang: null }],
  ['?theme=light&lang=en', { theme: 'light', lang: 'en' }],
  ['?theme=pink&lang=__proto__', { theme: 'dark', lang: null }],
])('reads %s', (search, settings) => {
  expect(readWallSettings(search)).toEqual(settings);
});

describe('where the wall stands', () => {
  it.each([
    [1_920, 1_080, { scale: 1, x: 0, y: 0 }],
    [3_840, 2_160, { scale: 2, x: 0, y: 0 }],
    [1_280, 1_080, { scale: 2 / 3, x: 0, y: 180 }],
    [2_560, 1_080, { scale: 1, x: 320, y: 0 }],
  ])('on %i x %i is whole and in the middle', (width, height, place) => {
    const { scale, x, y } = placement(width, height);
    expect(scale).toBeCloseTo(place.scale);
    expect([x, y]).toEqual([expect.closeTo(place.x), expect.closeTo(place.y)]);
  });
});

it('orbits over eight places, at most 6 px away, one step in 90 s', () => {
  const places = Array.from({ length: 16 }, (_, step) => orbitAt(step * orbitStepMs));
  expect(new Set(places.map(String)).size).toBe(8);
  for (const [x, y] of places) expect(Math.hypot(x, y)).toBeLessThanOrEqual(6);
  expect(orbitAt(orbitStepMs - 1)).toEqual(orbitAt(0));
});
