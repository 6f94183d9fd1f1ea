import { useEffect, useMemo, useState } from 'react';
import type { Zone } from '../../shared/i18n/zone.ts';
import { errorText } from '../api/error-text.ts';
import { TimeChart } from '../charts/TimeChart.tsx';
import { draggedRange, isoMinute, spanLabel, type TimeRange } from '../investigate/range.ts';
import { SeriesKey } from '../live/SeriesKey.tsx';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { Panel, type PanelState } from '../ui/Panel.tsx';
import { revealHidden, Untrusted } from '../ui/Untrusted.tsx';
import { columnsOf, type LedgerColumns } from './ledger-columns.ts';
import { MinuteTable } from './MinuteTable.tsx';
import { DifferenceList, RejectionList } from './SourceFindings.tsx';
import { useLedger, useReadAge, type LedgerAnswer } from './use-ledger.ts';
import styles from './SourceDetail.module.css';

/** Most columns of the chart: a day by the minute. */
export const maxDetailColumns = 1_440;

interface SourceDetailProps {
  readonly source: string;
  readonly range: TimeRange;
  readonly zone: Zone;
  readonly onRange: (range: TimeRange) => void;
  readonly onClose: () => void;
}

/** One source over the range: lines by the minute, minutes that differ, and what was rejected. */
export function SourceDetail({ source, range, zone, onRange, onClose }: SourceDetailProps) {
  const { t, language } = useT();
  const [asTable, setAsTable] = useState(false);
  const question = { range, source, maxColumns: maxDetailColumns };
  const query = useLedger(question);
  const age = useReadAge(query, question);
  const answer = query.data;
  const series = useSeries();
  useEscape(onClose);
  const state = ((): PanelState => {
    if (answer) return { kind: 'ready' };
    if (!query.error) return { kind: 'loading' };
    return { kind: 'error', text: errorText(query.error, t), retry: () => void query.refetch() };
  })();

  return (
    <Panel
      title={
        <>
          {t('sources.detail')} <Untrusted text={source} />
        </>
      }
      state={state}
      staleText={age.isOld || (answer && query.error) ? age.text : null}
      className={styles.panel}
      aside={
        <>
          <SeriesKey series={series} />
          {answer && (
            <span>{t('sources.detail.column', { span: spanLabel(answer.bucket * 60_000, language) })}</span>
          )}
          <Button tone="quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {t(asTable ? 'sources.detail.chart' : 'sources.detail.table')}
          </Button>
          <Button tone="quiet" aria-keyshortcuts="Escape" onClick={onClose}>
            {t('sources.detail.close')}
          </Button>
        </>
      }
    >
      {answer && (
        <>
          <Minutes source={source} answer={answer} asTable={asTable} zone={zone} onRange={onRange} />
          <div className={styles.findings}>
            <DifferenceList ledger={answer.ledger} zone={zone} />
            <RejectionList ledger={answer.ledger} zone={zone} />
          </div>
        </>
      )}
    </Panel>
  );
}

function useSeries() {
  const { t } = useT();
  return useMemo(
    () => [
      { label: t('sources.proof.rejected'), color: '--d-fail' },
      { label: t('live.health.unparsed'), color: '--d-block' },
      { label: t('sources.detail.parsed'), color: '--d-ok' },
    ],
    [t],
  );
}

interface MinutesProps extends Pick<SourceDetailProps, 'source' | 'zone' | 'onRange'> {
  readonly answer: LedgerAnswer;
  readonly asTable: boolean;
}

function Minutes({ source, answer, asTable, zone, onRange }: MinutesProps) {
  const { t, formatNumber } = useT();
  const series = useSeries();
  const { ledger, bucket } = answer;
  const columns = useMemo(() => columnsOf(ledger, source, bucket), [ledger, source, bucket]);
  const data = useMemo(() => chartOf(columns, bucket * 60_000), [columns, bucket]);
  const counts = ledger.sources[0];
  if (!counts || ledger.minutes.length === 0)
    return <p className={`${styles.none} ${styles.without}`}>{t('sources.detail.empty')}</p>;
  if (asTable) {
    return (
      <div className={styles.minutes} tabIndex={0} role="group" aria-label={t('sources.detail')}>
        <MinuteTable minutes={ledger.minutes} zone={zone} />
      </div>
    );
  }
  return (
    <div className={styles.minutes}>
      <TimeChart
        kind="stacked-bars"
        series={series}
        data={data}
        label={t('sources.detail.label', {
          source: revealHidden(source),
          from: isoMinute(ledger.from, zone),
          to: isoMinute(ledger.to, zone),
          received: formatNumber(counts.received),
          unparsed: formatNumber(counts.unparsed),
          rejected: formatNumber(counts.rejected),
        })}
        onSelect={(from, to) => onRange(draggedRange(from, to))}
      />
    </div>
  );
}

/** As the chart wants it; one empty column more, since a bar begins at its time and the last one needs room too. */
function chartOf({ at, rejected, unparsed, parsed }: LedgerColumns, columnMs: number) {
  return {
    at: [...at, (at.at(-1) ?? 0) + columnMs],
    values: [rejected, unparsed, parsed].map((column) => [...column, null]),
  };
}

/** Escape puts the details away, unless it is typed into something. */
function useEscape(onClose: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const inField = event.target instanceof Element && event.target.closest('input, textarea') !== null;
      if (event.key === 'Escape' && !inField) onClose();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [onClose]);
}
