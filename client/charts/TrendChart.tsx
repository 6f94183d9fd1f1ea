import { useMemo, useRef } from 'react';
import { CartesianGrid, Line, LineChart, Tooltip, XAxis, YAxis } from 'recharts';
import type { LoginSeries } from '../../shared/live/frame.ts';
import { usePreference } from '../state/preferences-context.tsx';
import { useT } from '../state/use-t.ts';
import { useSize } from './use-size.ts';
import styles from './TrendChart.module.css';

/** More points than this are drawn as their newest part only: each costs main-thread time. */
export const maxTrendPoints = 300;

interface TrendPoint {
  readonly at: number;
  /** `null` where nothing was heard: the line has a gap there. */
  readonly success: number | null;
  readonly failure: number | null;
  readonly blocked: number | null;
}

const margin = { top: 8, right: 12, bottom: 0, left: 0 };
const tick = { fill: 'var(--muted)', fontSize: 11 };

/** Logins by result over a day. The only user of recharts; for data that changes every 5 s at most. */
export default function TrendChart(props: { readonly series: LoginSeries; readonly label: string }) {
  const { series, label } = props;
  const { t, formatCompact, formatNumber, formatTime } = useT();
  const zone = usePreference('zone');
  const host = useRef<HTMLDivElement>(null);
  const size = useSize(host);
  const points = useMemo(() => pointsOf(series), [series]);
  const ladder = useMemo(() => rungsOf(points), [points]);
  const clock = (at: number): string => formatTime(at, zone).slice(0, 5);

  return (
    <div ref={host} className={styles.chart} role="img" aria-label={label}>
      {size && size.width > 0 && size.height > 0 && (
        <LineChart
          width={size.width}
          height={size.height}
          data={points}
          margin={margin}
          accessibilityLayer={false}
        >
          <CartesianGrid vertical={false} stroke="var(--border)" strokeWidth={0.5} />
          <XAxis
            dataKey="at"
            type="number"
            domain={['dataMin', 'dataMax']}
            tickFormatter={clock}
            ticks={hoursOf(points)}
            tick={tick}
            tickLine={false}
            stroke="var(--border)"
            height={22}
          />
          <YAxis
            domain={[0, ladder.at(-1) ?? 'auto']}
            ticks={ladder}
            interval={0}
            width={48}
            tick={tick}
            tickLine={false}
            axisLine={false}
            tickFormatter={formatCompact}
          />
          <Tooltip
            isAnimationActive={false}
            labelFormatter={(at) => clock(Number(at))}
            formatter={(value) => formatNumber(Number(value))}
            contentStyle={{
              background: 'var(--s2)',
              border: '1px solid var(--border-strong)',
              borderRadius: 3,
              padding: '4px 8px',
            }}
          />
          <Line name={t('live.success')} dataKey="success" stroke="var(--d-ok)" {...still} />
          <Line name={t('live.failure')} dataKey="failure" stroke="var(--d-fail)" {...still} />
          <Line name={t('live.blocked')} dataKey="blocked" stroke="var(--d-block)" {...still} />
        </LineChart>
      )}
    </div>
  );
}

const still = {
  type: 'linear',
  dot: false,
  isAnimationActive: false,
  strokeWidth: 1.5,
  // Makes a dot of a lone point between two gaps, which would be a line of no length.
  strokeLinecap: 'round',
} as const;

/** The newest `maxTrendPoints` columns as points. */
export function pointsOf(series: LoginSeries): TrendPoint[] {
  const { success, failure, blocked, heard } = series;
  return series.at
    .map((at, index) => {
      const value = (column: readonly number[]) => (heard[index] === 0 ? null : (column[index] ?? null));
      return { at, success: value(success), failure: value(failure), blocked: value(blocked) };
    })
    .slice(-maxTrendPoints);
}

/** From zero by steps of 1, 2 or 5 times a power of ten until all values fit, in at most six steps. */
export function rungsOf(points: readonly Omit<TrendPoint, 'at'>[]): number[] {
  const most = Math.max(
    4,
    ...points.map(({ success, failure, blocked }) => Math.max(success ?? 0, failure ?? 0, blocked ?? 0)),
  );
  const power = 10 ** Math.floor(Math.log10(most / 5));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power * 5 >= most) ?? 10);
  const rungs = [0];
  while ((rungs.at(-1) ?? 0) < most) rungs.push((rungs.at(-1) ?? 0) + step);
  return rungs;
}

/** Every fourth full hour; Indonesia's zones differ from UTC by whole hours. */
function hoursOf(points: readonly TrendPoint[]): number[] {
  const hour = 3_600_000;
  const first = points[0]?.at ?? 0;
  const last = points.at(-1)?.at ?? 0;
  const ticks: number[] = [];
  for (let at = Math.ceil(first / hour) * hour; at <= last; at += hour) {
    if ((at / hour) % 4 === 1) ticks.push(at);
  }
  return ticks;
}
