import { useEffect, useImperativeHandle, useLayoutEffect, useRef, type Ref } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { usePreference, usePreferencesStore } from '../state/preferences-context.tsx';
import { useT } from '../state/use-t.ts';
import { aligned, timeChartOptions, type ChartData, type ChartSeries } from './time-chart-options.ts';
import { tokenColor } from './token-color.ts';
import { useSize } from './use-size.ts';
import styles from './TimeChart.module.css';

export type { ChartData, ChartSeries } from './time-chart-options.ts';

/** Draws new data at once, without React. */
export interface TimeChartHandle {
  readonly setData: (data: ChartData) => void;
}

interface TimeChartProps {
  readonly kind?: 'lines' | 'stacked-bars';
  readonly series: readonly ChartSeries[];
  /** First data, and all of it for a chart that changes seldom. */
  readonly data?: ChartData;
  /** The chart in a sentence, for those who can't see it. */
  readonly label: string;
  /** Usual range behind the series. */
  readonly band?: readonly [number, number] | null;
  /** Called with epoch ms when a range was dragged out. */
  readonly onSelect?: (from: number, to: number) => void;
  /** Font size of the axes, CSS px. */
  readonly fontSize?: number;
  readonly className?: string | undefined;
  readonly ref?: Ref<TimeChartHandle>;
}

const nothing: ChartData = { at: [], values: [] };

/** Lines or stacked bars over time on a canvas, in the size of its parent and the chosen zone. */
export function TimeChart(props: TimeChartProps) {
  const { kind = 'lines', series, data, label, band = null, onSelect, fontSize = 11, className, ref } = props;
  const { formatNumber } = useT();
  const zone = usePreference('zone');
  const preferences = usePreferencesStore();
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const newest = useRef<ChartData>(data ?? nothing);
  const bandNow = useRef(band);
  const select = useRef(onSelect);
  const size = useSize(host);
  const measured = size !== null;
  const selectable = onSelect !== undefined;

  useLayoutEffect(() => {
    bandNow.current = band;
    select.current = onSelect;
  });

  useLayoutEffect(() => {
    const element = host.current;
    if (!element || !measured) return undefined;
    const { width, height } = element.getBoundingClientRect();
    const colors = new Map<string, string>();
    const made = new uPlot(
      timeChartOptions(
        {
          kind,
          series,
          zone,
          formatNumber,
          font: `${fontSize}px Inter, system-ui, sans-serif`,
          color: (token) => {
            const color = colors.get(token) ?? tokenColor(element, token);
            colors.set(token, color);
            return color;
          },
          band: () => bandNow.current,
          onSelect: selectable ? (from, to) => select.current?.(from, to) : null,
        },
        Math.floor(width),
        Math.floor(height),
      ),
      aligned(newest.current, kind),
      element,
    );
    plot.current = made;
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const recolor = (): void => {
      colors.clear();
      made.redraw(false, true);
    };
    scheme.addEventListener('change', recolor);
    const stop = preferences.subscribe(recolor);
    return () => {
      stop();
      scheme.removeEventListener('change', recolor);
      plot.current = null;
      made.destroy();
    };
  }, [kind, series, zone, preferences, formatNumber, fontSize, selectable, measured]);

  useEffect(() => {
    if (size && plot.current) plot.current.setSize(size);
  }, [size]);

  useEffect(() => {
    if (!data) return;
    newest.current = data;
    plot.current?.setData(aligned(data, kind));
  }, [data, kind]);

  useImperativeHandle(
    ref,
    () => ({
      setData: (next) => {
        newest.current = next;
        plot.current?.setData(aligned(next, kind));
      },
    }),
    [kind],
  );

  return <div ref={host} className={`${styles.chart} ${className ?? ''}`} role="img" aria-label={label} />;
}
