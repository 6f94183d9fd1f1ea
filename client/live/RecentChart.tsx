import { useEffect, useMemo, useRef } from 'react';
import { useLocation } from 'wouter';
import { TimeChart, type ChartSeries, type TimeChartHandle } from '../charts/TimeChart.tsx';
import { useFeedHandle, useServerMinute } from '../state/feed-context.tsx';
import { investigateRange } from '../state/investigate-link.ts';
import type { LiveFeed } from '../state/live-feed.ts';
import { useT } from '../state/use-t.ts';
import { LivePanel } from '../ui/Panel.tsx';
import { SeriesKey } from './SeriesKey.tsx';
import styles from './RecentChart.module.css';

const draw = (feed: LiveFeed, chart: TimeChartHandle | null): void => {
  const { at, success, failure, blocked } = feed.columns();
  chart?.setData({ at, values: [success, failure, blocked] });
};

/** The last 15 minutes by the second; drawn by the frame, outside React. */
export function RecentChart(props: { readonly className?: string | undefined }) {
  const { t, formatNumber } = useT();
  const feed = useFeedHandle();
  const [, navigate] = useLocation();
  const minute = useServerMinute();
  const chart = useRef<TimeChartHandle>(null);
  const series = useMemo<ChartSeries[]>(
    () => [
      { label: t('live.success'), color: '--d-ok' },
      { label: t('live.failure'), color: '--d-fail', width: 2 },
      { label: t('live.blocked'), color: '--d-block' },
    ],
    [t],
  );
  // Once a minute: a sentence that changes each second helps nobody who listens to it.
  const label = useMemo(() => {
    const { success, failure, blocked } = feed.sum(60);
    return minute && t('live.recent.label', numbers({ success, failure, blocked }, formatNumber));
  }, [feed, formatNumber, minute, t]);

  useEffect(() => {
    draw(feed, chart.current);
    return feed.subscribeFrames(() => draw(feed, chart.current));
  }, [feed]);

  return (
    <LivePanel
      title={t('live.recent.title')}
      aside={
        <>
          <SeriesKey series={series} />
          <span className={styles.hint}>{t('live.recent.hint')}</span>
        </>
      }
      className={props.className}
      bodyClassName={styles.body}
    >
      <TimeChart
        ref={chart}
        series={series}
        label={String(label)}
        onSelect={(from, to) => navigate(investigateRange(from, to))}
      />
    </LivePanel>
  );
}

function numbers<K extends string>(
  counts: Readonly<Record<K, number>>,
  format: (value: number) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries<number>(counts).map(([name, count]) => [name, format(count)]));
}
