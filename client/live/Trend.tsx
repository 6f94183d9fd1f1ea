import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import { errorText } from '../api/error-text.ts';
import { getJson } from '../api/request.ts';
import { loginSeriesSchema, type LoginSeries } from '../../shared/live/frame.ts';
import { useEachSecond } from '../state/feed-context.tsx';
import { useT } from '../state/use-t.ts';
import { Panel, type PanelState } from '../ui/Panel.tsx';
import styles from './RecentChart.module.css';
import { SeriesKey } from './SeriesKey.tsx';

const TrendChart = lazy(() => import('../charts/TrendChart.tsx'));

const refetchMs = 30_000;
/** Two refetches missed: the picture is old. */
const staleMs = 90_000;

type Totals = Pick<LoginSeries, 'success' | 'failure' | 'blocked'>;

/** Sums over the columns in which anything was heard. */
function totalsOf(series: LoginSeries): Record<keyof Totals, number> {
  const total = (column: readonly number[]): number =>
    column.reduce((sum, value, index) => sum + (series.heard[index] === 0 ? 0 : value), 0);
  return { success: total(series.success), failure: total(series.failure), blocked: total(series.blocked) };
}

/** Logins of the last 24 hours, read again every 30 s. */
export function Trend(props: { readonly className?: string | undefined }) {
  const { t, formatCompact, formatNumber, formatAge } = useT();
  const query = useQuery({
    queryKey: ['trend'],
    queryFn: ({ signal }) => getJson('/api/trend', loginSeriesSchema, signal),
    refetchInterval: refetchMs,
  });
  const { data, dataUpdatedAt } = query;
  const staleText = useEachSecond((_, now) =>
    dataUpdatedAt > 0 && now - dataUpdatedAt > staleMs
      ? t('panel.stale', { age: formatAge(now - dataUpdatedAt) })
      : null,
  );
  const totals = useMemo(() => data && totalsOf(data), [data]);
  const series = useMemo(
    () => [
      { label: t('live.success'), color: '--d-ok' },
      { label: t('live.failure'), color: '--d-fail' },
      { label: t('live.blocked'), color: '--d-block' },
    ],
    [t],
  );
  const state = ((): PanelState => {
    if (!data || !totals) {
      if (!query.error) return { kind: 'loading' };
      return { kind: 'error', text: errorText(query.error, t), retry: () => void query.refetch() };
    }
    return totals.success + totals.failure + totals.blocked === 0
      ? { kind: 'empty', text: t('live.trend.empty') }
      : { kind: 'ready' };
  })();

  return (
    <Panel
      title={t('live.trend.title')}
      aside={
        totals &&
        state.kind === 'ready' && (
          <>
            <SeriesKey series={series} />
            <span className={styles.hint}>
              {t('live.trend.totals', {
                failure: formatCompact(totals.failure),
                blocked: formatCompact(totals.blocked),
              })}
            </span>
          </>
        )
      }
      state={state}
      staleText={staleText}
      className={props.className}
      bodyClassName={styles.body}
    >
      {data && totals && (
        <Suspense>
          <TrendChart
            series={data}
            label={t('live.trend.label', {
              success: formatNumber(totals.success),
              failure: formatNumber(totals.failure),
              blocked: formatNumber(totals.blocked),
            })}
          />
        </Suspense>
      )}
    </Panel>
  );
}
