import { ChevronLeft, ChevronRight, ZoomIn, ZoomOut } from 'lucide-react';
import { useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { Histogram } from '../../shared/api/schemas.ts';
import { errorText } from '../api/error-text.ts';
import { TimeChart, type ChartData } from '../charts/TimeChart.tsx';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { Panel, type PanelState } from '../ui/Panel.tsx';
import { factsOf } from './entity.ts';
import { HistogramTable } from './HistogramTable.tsx';
import { draggedRange, isoMinute, moveRange, spanLabel, zoomIn, zoomOut, type Span } from './range.ts';
import type { Investigation } from './use-investigation.ts';
import type { useHistogram } from './use-searches.ts';
import styles from './HistogramPanel.module.css';

/** Kinds of events in the order in which they are stacked, from the bottom. */
export const stackedKinds = ['failure', 'blocked', 'success', 'other'] as const;
const colors = {
  failure: '--d-fail',
  blocked: '--d-block',
  success: '--d-ok',
  other: '--d-band',
} as const;

interface HistogramProps {
  readonly histogram: ReturnType<typeof useHistogram>;
  readonly span: Span;
  readonly investigation: Investigation;
  /** Total of matching events, `null` while unknown. */
  readonly total: number | null;
}

/** Events over time; dragging zooms in, keys and buttons move. */
export function HistogramPanel({ histogram, span, investigation, total }: HistogramProps) {
  const { state, zone, setRange } = investigation;
  const { t, language, formatNumber } = useT();
  const [asTable, setAsTable] = useState(false);
  const { data, error, refetch } = histogram;
  const series = useMemo(
    () => stackedKinds.map((kind) => ({ label: t(`investigate.series.${kind}`), color: colors[kind] })),
    [t],
  );
  const chart = useMemo(() => (data ? chartOf(data) : undefined), [data]);
  const label = useLabel(data, span, zone);
  const moves: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => setRange(moveRange(state.range, span.to, -1)),
    ArrowRight: () => setRange(moveRange(state.range, span.to, 1)),
    '+': () => setRange(zoomIn(state.range, span.to)),
    '-': () => setRange(zoomOut(state.range, span.to)),
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(moves, event.key)) return;
    event.preventDefault();
    moves[event.key]?.();
  };
  const panelState: PanelState = error
    ? { kind: 'error', text: errorText(error, t), retry: () => void refetch() }
    : data
      ? { kind: 'ready' }
      : { kind: 'loading' };

  return (
    <Panel
      title={
        total === null
          ? t('investigate.histogram')
          : t('investigate.results.count', { count: formatNumber(total) })
      }
      state={panelState}
      className={styles.panel}
      bodyClassName={styles.body}
      aside={
        <>
          <Key />
          {data && (
            <span>{t('investigate.histogram.bucket', { bucket: spanLabel(data.bucketMs, language) })}</span>
          )}
          <span className={styles.buttons}>
            <Move label={t('investigate.histogram.earlier')} keys="ArrowLeft" onClick={moves['ArrowLeft']}>
              <ChevronLeft size={15} aria-hidden="true" />
            </Move>
            <Move label={t('investigate.histogram.later')} keys="ArrowRight" onClick={moves['ArrowRight']}>
              <ChevronRight size={15} aria-hidden="true" />
            </Move>
            <Move label={t('investigate.histogram.in')} keys="+" onClick={moves['+']}>
              <ZoomIn size={15} aria-hidden="true" />
            </Move>
            <Move label={t('investigate.histogram.out')} keys="-" onClick={moves['-']}>
              <ZoomOut size={15} aria-hidden="true" />
            </Move>
          </span>
          <Button tone="quiet" onClick={() => setAsTable(!asTable)}>
            {t(asTable ? 'investigate.histogram.chart' : 'investigate.histogram.table')}
          </Button>
        </>
      }
    >
      {data && asTable ? (
        <HistogramTable histogram={data} zone={zone} />
      ) : (
        <div
          className={styles.chart}
          role="group"
          aria-label={t('investigate.histogram')}
          tabIndex={0}
          title={t('investigate.histogram.hint')}
          onKeyDown={onKeyDown}
        >
          {chart && (
            <TimeChart
              kind="stacked-bars"
              series={series}
              data={chart}
              label={label}
              onSelect={(from, to) => setRange(draggedRange(from, to))}
            />
          )}
        </div>
      )}
    </Panel>
  );
}

const chartOf = (data: Histogram): ChartData => ({
  at: data.at,
  values: stackedKinds.map((kind) => data[kind]),
});

function useLabel(data: Histogram | undefined, span: Span, zone: Investigation['zone']): string {
  const { t, language, formatNumber } = useT();
  if (!data) return t('panel.loading');
  const { success, failure, blocked, other } = factsOf(data);
  return t('investigate.histogram.label', {
    from: isoMinute(span.from, zone),
    to: isoMinute(span.to, zone),
    success: formatNumber(success),
    failure: formatNumber(failure),
    blocked: formatNumber(blocked),
    other: formatNumber(other),
    bucket: spanLabel(data.bucketMs, language),
  });
}

function Key() {
  const { t } = useT();
  return (
    <span className={styles.key}>
      {stackedKinds.map((kind) => (
        <span key={kind}>
          <i style={{ background: `var(${colors[kind]})` }} aria-hidden="true" />
          {t(`investigate.series.${kind}`)}
        </span>
      ))}
    </span>
  );
}

function Move(props: {
  readonly label: string;
  readonly keys: string;
  readonly onClick: (() => void) | undefined;
  readonly children: ReactNode;
}) {
  return (
    <button
      type="button"
      aria-label={props.label}
      title={props.label}
      aria-keyshortcuts={props.keys}
      onClick={props.onClick}
    >
      {props.children}
    </button>
  );
}
