import { useCallback, useEffect, useMemo } from 'react';
import { errorText } from '../api/error-text.ts';
import { RangePicker } from '../investigate/RangePicker.tsx';
import { DroppedNotice } from '../investigate/Trail.tsx';
import { useFeed, useFreshness, useServerMinute } from '../state/feed-context.tsx';
import { usePreference } from '../state/preferences-context.tsx';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { Page } from '../ui/Page.tsx';
import { Panel, type PanelState } from '../ui/Panel.tsx';
import { LedgerProof, ProofRange } from './LedgerProof.tsx';
import { LimitsPanel } from './LimitsPanel.tsx';
import { SourceDetail } from './SourceDetail.tsx';
import { SourceTable } from './SourceTable.tsx';
import { joinSources } from './source-rows.ts';
import { sourcesPresets } from './url-state.ts';
import { useLedger, useReadAge } from './use-ledger.ts';
import { useSourcesView } from './use-sources-view.ts';
import styles from './SourcesPage.module.css';

/** Columns of the small charts in the table. */
const sparkColumns = 60;

/** The health of every source, and the proof that no line went missing. */
export default function SourcesPage() {
  const { t } = useT();
  const zone = usePreference('zone');
  const view = useSourcesView();
  const { range, source } = view.state;
  const now = useServerMinute();
  const frame = useFeed((state) => state.frame);
  const question = { range, source: null, maxColumns: sparkColumns };
  const query = useLedger(question);
  const age = useReadAge(query, question);
  const rows = useMemo(() => joinSources(frame, query.data?.ledger), [frame, query.data]);
  const { select } = view;
  const close = useCallback(() => select(null), [select]);
  useEffect(() => {
    document.title = `${t('sources.title')} · Siaga`;
  }, [t]);

  return (
    <Page
      title={t('sources.title')}
      aside={
        <>
          {age.text && <span className={styles.age}>{age.text}</span>}
          <Button tone="quiet" onClick={() => void query.refetch()}>
            {t('investigate.live.refresh')}
          </Button>
          <RangePicker range={range} zone={zone} onRange={view.setRange} now={now} presets={sourcesPresets} />
        </>
      }
    >
      <DroppedNotice dropped={view.dropped} />
      <ProofPanel query={query} staleText={age.isOld || query.isRefetchError ? age.text : null} />
      <TablePanel rows={rows} query={query} selected={source} onSelect={select} />
      <LimitsPanel />
      {source !== null && (
        <SourceDetail
          key={source}
          source={source}
          range={range}
          zone={zone}
          onRange={view.setRange}
          onClose={close}
        />
      )}
    </Page>
  );
}

type LedgerQuery = ReturnType<typeof useLedger>;

function ProofPanel(props: { readonly query: LedgerQuery; readonly staleText: string | null }) {
  const { query, staleText } = props;
  const { t } = useT();
  const zone = usePreference('zone');
  const state = ((): PanelState => {
    if (query.data) return { kind: 'ready' };
    if (!query.error) return { kind: 'loading' };
    return { kind: 'error', text: errorText(query.error, t), retry: () => void query.refetch() };
  })();
  return (
    <Panel
      title={t('sources.column.balance')}
      aside={query.data && <ProofRange ledger={query.data.ledger} zone={zone} />}
      state={state}
      staleText={staleText}
    >
      {query.data && <LedgerProof ledger={query.data.ledger} />}
    </Panel>
  );
}

interface TablePanelProps {
  readonly rows: ReturnType<typeof joinSources>;
  readonly query: LedgerQuery;
  readonly selected: string | null;
  readonly onSelect: (source: string | null) => void;
}

function TablePanel({ rows, query, selected, onSelect }: TablePanelProps) {
  const { t } = useT();
  const freshness = useFreshness();
  const state = ((): PanelState => {
    if (rows.length > 0) return { kind: 'ready' };
    return freshness === 'waiting' || query.isPending
      ? { kind: 'loading' }
      : { kind: 'empty', text: t('sources.empty') };
  })();
  return (
    <Panel title={t('sources.table')} state={state}>
      <div
        className={styles.scroll}
        data-stale={freshness === 'stale' || freshness === 'stopped' ? '' : undefined}
      >
        <SourceTable rows={rows} answer={query.data} selected={selected} onSelect={onSelect} />
      </div>
    </Panel>
  );
}
