import { useId, useRef } from 'react';
import { useSize } from '../charts/use-size.ts';
import { usualLimit } from '../state/usual-range.ts';
import { useT } from '../state/use-t.ts';
import { chartTop, gapsOf, linePath, yOf, type ChartBox } from './chart-shape.ts';
import type { MinuteSeries } from './minute-series.ts';
import { useMinuteSeries } from './use-minute-series.ts';
import styles from './WallChart.module.css';
import { wallRange } from './wall-text.ts';

const hourMs = 3_600_000;

/** Failures of the last hour over their usual range; what is above it in the alarm's colour, what is unknown hatched. */
export function WallChart(props: { readonly usual: readonly [number, number] | null; readonly now: number }) {
  const { usual, now } = props;
  const { t } = useT();
  const host = useRef<HTMLDivElement>(null);
  const size = useSize(host);
  const series = useMinuteSeries();
  const end = Math.max(Math.floor(now / 10_000) * 10_000, series.at.at(-1) ?? 0);
  const label = useChartLabel(series, usual);
  return (
    <section className={styles.chart}>
      <h2>{t(usual ? 'wall.chart' : 'wall.chart.plain')}</h2>
      <div ref={host} className={styles.plot} role="img" aria-label={label}>
        {size && size.width > 0 && (
          <Plot
            series={series}
            usual={usual}
            box={{ ...size, from: series.at[0] ?? end - hourMs, to: end, top: chartTop(series, usual) }}
          />
        )}
      </div>
    </section>
  );
}

function useChartLabel(series: MinuteSeries, usual: readonly [number, number] | null): string {
  const translator = useT();
  const { t, formatNumber } = translator;
  const last = series.failures.at(-1) ?? null;
  const peak = Math.max(0, ...series.failures.map((value) => value ?? 0));
  return t('wall.chart.label', {
    now: last === null ? '—' : formatNumber(last),
    peak: formatNumber(peak),
    usual: usual ? t('wall.usual', { range: wallRange(usual, translator) }) : t('wall.usual.unknown'),
  });
}

function Plot(props: {
  readonly series: MinuteSeries;
  readonly usual: readonly [number, number] | null;
  readonly box: ChartBox;
}) {
  const { series, usual, box } = props;
  const id = useId();
  const line = linePath(series, box);
  const limit = usual ? yOf(usualLimit(usual), box) : 0;
  return (
    <svg width={box.width} height={box.height} aria-hidden="true">
      <defs>
        <pattern
          id={`${id}hatch`}
          width="18"
          height="18"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect className={styles.hatch} width="5" height="18" />
        </pattern>
        <clipPath id={`${id}within`}>
          <rect x="-10" y={limit} width={box.width + 20} height={box.height + 10} />
        </clipPath>
        <clipPath id={`${id}above`}>
          <rect x="-10" y="-10" width={box.width + 20} height={limit + 10} />
        </clipPath>
      </defs>
      {usual && (
        <rect
          className={styles.band}
          y={yOf(usual[1], box)}
          width={box.width}
          height={Math.max(6, yOf(usual[0], box) - yOf(usual[1], box))}
        />
      )}
      {gapsOf(series, box).map(({ x, width }) => (
        <rect key={x} x={x} width={width} height={box.height} fill={`url(#${id}hatch)`} />
      ))}
      <path className={styles.axis} d={`M0 ${box.height - 1.5}H${box.width}`} />
      <path className={styles.line} d={line} clipPath={`url(#${id}within)`} />
      {usual && <path className={styles.over} d={line} clipPath={`url(#${id}above)`} />}
    </svg>
  );
}
