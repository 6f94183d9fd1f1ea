import type { Frame } from '../../shared/live/frame.ts';

/** A figure is outside its usual range only this far above the 90th percentile, which one minute in ten passes by nature. */
export const usualTolerance = 1.5;

/** Failed and blocked logins a minute from which the figure is outside its usual range. */
export const usualLimit = (usual: readonly [number, number]): number =>
  Math.max(usual[1] * usualTolerance, usual[1] + 5);

/** Whether `perMinute` failed and blocked logins are more than usual; never true before the usual range is known. */
export function isAboveUsual(perMinute: number, usual: Frame['usualFailures']): boolean {
  return usual !== null && perMinute > usualLimit(usual);
}
