import type { MinuteSeries } from './minute-series.ts';

/** A chart's box in its own units; time runs from `from` to `to`, values from zero at the bottom to `top`. */
export interface ChartBox {
  readonly width: number;
  readonly height: number;
  readonly from: number;
  readonly to: number;
  readonly top: number;
}

/** A stretch of the box's width. */
export interface Stretch {
  readonly x: number;
  readonly width: number;
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** Where a time stands in the box. */
export const xOf = (at: number, { from, to, width }: ChartBox): number =>
  round(((at - from) / Math.max(1, to - from)) * width);

/** Where a value stands in the box. */
export const yOf = (value: number, { top, height }: ChartBox): number =>
  round(height - (value / Math.max(1, top)) * height);

/** The highest value to leave room for: all points and the usual range, never less than 10. */
export function chartTop(series: MinuteSeries, usual: readonly [number, number] | null): number {
  const highest = Math.max(0, ...series.failures.map((value) => value ?? 0));
  return Math.max(10, highest * 1.08, (usual?.[1] ?? 0) * 2);
}

/** The line as an SVG path, broken where nothing was heard; a lone point becomes a short dash. */
export function linePath(series: MinuteSeries, box: ChartBox): string {
  const parts: string[] = [];
  let open = false;
  for (const [index, value] of series.failures.entries()) {
    const at = series.at[index] ?? 0;
    if (value === null || at < box.from) {
      open = false;
      continue;
    }
    const x = xOf(at, box);
    const y = yOf(value, box);
    const lone = !open && (series.failures[index + 1] ?? null) === null;
    parts.push(open ? `L${x} ${y}` : `M${x} ${y}${lone ? `h3` : ''}`);
    open = true;
  }
  return parts.join('');
}

/** Where nothing is known: gaps in the series, and from its last point to the end of the box. */
export function gapsOf(series: MinuteSeries, box: ChartBox, leastMs = 90_000): readonly Stretch[] {
  const heard = series.at.filter((at, index) => series.failures[index] !== null && at >= box.from);
  const edges = [box.from, ...heard, box.to];
  const gaps: Stretch[] = [];
  for (let index = 1; index < edges.length; index += 1) {
    const from = edges[index - 1] ?? 0;
    const to = edges[index] ?? 0;
    const tail = index === edges.length - 1 && heard.length > 0;
    if (to - from <= (tail ? 10_000 : leastMs)) continue;
    gaps.push({ x: xOf(from, box), width: round(xOf(to, box) - xOf(from, box)) });
  }
  return gaps;
}
