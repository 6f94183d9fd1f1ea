import { useEffect } from 'react';
import { errorText } from '../api/error-text.ts';
import { RangePicker } from '../investigate/RangePicker.tsx';
import { DroppedNotice } from '../investigate/Trail.tsx';
import { useServerMinute } from '../state/feed-context.tsx';
import { usePreference } from '../state/preferences-context.tsx';
import { useMay } from '../state/session.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { Page } from '../ui/Page.tsx';
import { Panel, type PanelState } from '../ui/Panel.tsx';
import { AuditFilters } from './AuditFilters.tsx';
import styles from './AuditPage.module.css';
import { AuditStanding } from './AuditStanding.tsx';
import { AuditTable } from './AuditTable.tsx';
import { auditPresets } from './url-state.ts';
import { useAudit, useAuditView } from './use-audit.ts';

/** What was done by whom, and whether the log of it is whole. */
export default function AuditPage() {
  const { t } = useT();
  const may = useMay('audit:read');
  useEffect(() => {
    document.title = `${t('audit.title')} · Siaga`;
  }, [t]);
  if (may) return <Audit />;
  return (
    <Page title={t('audit.title')}>
      <p>{t('audit.denied')}</p>
    </Page>
  );
}

function Audit() {
  const { t } = useT();
  const zone = usePreference('zone');
  const now = useServerMinute();
  const { view, dropped, change } = useAuditView();
  const query = useAudit(view);
  const pages = query.data?.pages ?? [];
  const entries = pages.flatMap((page) => page.entries);
  const newest = pages[0];
  const state = ((): PanelState => {
    if (query.data && (entries.length > 0 || query.hasNextPage)) return { kind: 'ready' };
    if (query.data) return { kind: 'empty', text: t('audit.empty') };
    if (!query.error) return { kind: 'loading' };
    return { kind: 'error', text: errorText(query.error, t), retry: () => void query.refetch() };
  })();
  return (
    <Page
      title={t('audit.title')}
      aside={
        <>
          <Button tone="quiet" onClick={() => void query.refetch()}>
            {t('investigate.live.refresh')}
          </Button>
          <RangePicker
            range={view.range}
            zone={zone}
            onRange={(range) => change({ range })}
            now={now}
            presets={auditPresets}
          />
        </>
      }
    >
      {newest && <AuditStanding state={newest.state} />}
      <DroppedNotice dropped={dropped} />
      <AuditFilters
        key={JSON.stringify(view.filters)}
        filters={view.filters}
        onFilters={(filters) => change({ filters })}
      />
      <Panel title={t('audit.table')} state={state}>
        {entries.length > 0 ? (
          <div className={styles.scroll}>
            <AuditTable entries={entries} zone={zone} />
          </div>
        ) : (
          <p className={styles.note}>{t('audit.searching')}</p>
        )}
        {query.hasNextPage && (
          <div className={styles.more}>
            <Button
              refused={query.isFetchingNextPage ? t('panel.loading') : null}
              onClick={() => void query.fetchNextPage()}
            >
              {t('audit.older')}
            </Button>
            {query.isFetchNextPageError && <span role="alert">{errorText(query.error, t)}</span>}
          </div>
        )}
      </Panel>
    </Page>
  );
}
