import uPlot from 'uplot';
import { formatClock, formatDay } from '../../shared/i18n/translate.ts';
import { zoneNames, type Zone } from '../../shared/i18n/zone.ts';

/** One series of a time chart. */
export interface ChartSeries {
  readonly label: string;
  /** Colour token, such as `--d-fail`. */
  readonly color: string;
  /** CSS px, 1.5 when left out. */
  readonly width?: number;
  /** Fills under the line, 0 to 1 of the colour. */
  readonly fill?: number;
}

/** Columns of a time chart: `at` in epoch ms, one array of values a series; `null` is a gap. */
export interface ChartData {
  readonly at: readonly number[];
  readonly values: readonly (readonly (number | null)[])[];
}

export interface TimeChartLook {
  readonly kind: 'lines' | 'stacked-bars';
  readonly series: readonly ChartSeries[];
  readonly zone: Zone;
  readonly color: (token: string) => string;
  readonly formatNumber: (value: number) => string;
  /** Font of the axes, as in CSS. */
  readonly font: string;
  /** Usual range, drawn behind the series, in the unit of the values. */
  readonly band: () => readonly [number, number] | null;
  readonly onSelect: ((from: number, to: number) => void) | null;
}

const dayMs = 86_400_000;
/** Steps of an axis that counts: 1, 2, 5, 10, 20 … */
const wholeSteps = [1, 2, 5]
  .flatMap((digit) => Array.from({ length: 10 }, (_, power) => digit * 10 ** power))
  .sort((a, b) => a - b);

/** `14:05` or `14:05:10`, with day and month when the axis spans more than a day. */
export function axisTime(second: number, stepSeconds: number, spanSeconds: number, zone: Zone): string {
  const clock = formatClock(second * 1_000, zone);
  if (spanSeconds * 1_000 <= dayMs) return stepSeconds < 60 ? clock : clock.slice(0, 5);
  const day = formatDay(second * 1_000, zone);
  return stepSeconds < 86_400 ? `${day} ${clock.slice(0, 5)}` : day;
}

/** Turns values into sums from the bottom series up, as stacked bars need them. */
export function stack(values: ChartData['values']): (number | null)[][] {
  const sums: (number | null)[][] = [];
  for (const [row, column] of values.entries()) {
    const below = sums[row - 1];
    sums.push(column.map((value, index) => (value ?? 0) + (below?.[index] ?? 0)));
  }
  return sums;
}

/** Data as uPlot wants it: seconds first, and the tallest sum drawn first when stacked. */
export function aligned(data: ChartData, kind: TimeChartLook['kind']): uPlot.AlignedData {
  const seconds = data.at.map((ms) => ms / 1_000);
  const values = kind === 'stacked-bars' ? stack(data.values).reverse() : data.values;
  return [seconds, ...values] as uPlot.AlignedData;
}

function drawBand(plot: uPlot, { band, color }: TimeChartLook): void {
  const range = band();
  if (!range) return;
  const { ctx, bbox } = plot;
  const clamp = (value: number): number =>
    Math.min(bbox.top + bbox.height, Math.max(bbox.top, plot.valToPos(value, 'y', true)));
  const top = clamp(range[1]);
  ctx.save();
  ctx.fillStyle = color('--d-band');
  ctx.fillRect(bbox.left, top, bbox.width, Math.max(1, clamp(range[0]) - top));
  ctx.restore();
}

function seriesOptions(look: TimeChartLook): uPlot.Series[] {
  const made = look.series.map((series): uPlot.Series => {
    const stroke = (): string => look.color(series.color);
    if (look.kind === 'stacked-bars') {
      const paths = uPlot.paths.bars?.({ size: [0.9, 60, 1], align: 1 });
      return { stroke, fill: stroke, width: 0, points: { show: false }, ...(paths ? { paths } : {}) };
    }
    const { fill } = series;
    return {
      stroke,
      width: series.width ?? 1.5,
      points: { show: false },
      spanGaps: false,
      ...(fill ? { fill: (): string => withAlpha(stroke(), fill) } : {}),
    };
  });
  return look.kind === 'stacked-bars' ? made.reverse() : made;
}

const withAlpha = (color: string, alpha: number): string =>
  color.replace(/^rgb\((.*)\)$/, (_, parts: string) => `rgba(${parts}, ${alpha})`);

/** uPlot's options: 24 hours in the chosen zone, a grid from the tokens, drag to select. */
export function timeChartOptions(look: TimeChartLook, width: number, height: number): uPlot.Options {
  const axis = {
    stroke: (): string => look.color('--muted'),
    font: look.font,
    grid: { stroke: (): string => look.color('--border'), width: 0.5 },
    ticks: { show: false },
  };
  const { onSelect } = look;
  return {
    width,
    height,
    tzDate: (second) => uPlot.tzDate(new Date(second * 1_000), zoneNames[look.zone]),
    padding: [8, 20, 0, 0],
    legend: { show: false },
    cursor: {
      points: { show: false },
      y: false,
      drag: { x: onSelect !== null, y: false, setScale: false, dist: 4 },
    },
    scales: { y: { range: (_, __, high) => [0, Math.max(4, (high ?? 0) * 1.05)] } },
    axes: [
      {
        ...axis,
        size: 24,
        gap: 4,
        space: 72,
        values: (...[plot, splits, , , step]) => {
          const { min, max } = plot.scales['x'] ?? {};
          return splits.map((second) => axisTime(second, step, (max ?? 0) - (min ?? 0), look.zone));
        },
      },
      {
        ...axis,
        size: 48,
        gap: 4,
        space: 28,
        incrs: wholeSteps,
        values: (_, splits) => splits.map(look.formatNumber),
      },
    ],
    series: [{}, ...seriesOptions(look)],
    hooks: {
      drawAxes: [(plot) => drawBand(plot, look)],
      setSelect: [
        (plot) => {
          if (!onSelect || plot.select.width < 2) return;
          const from = plot.posToVal(plot.select.left, 'x') * 1_000;
          const to = plot.posToVal(plot.select.left + plot.select.width, 'x') * 1_000;
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          onSelect(Math.floor(from), Math.ceil(to));
        },
      ],
    },
  };
}
