import { useMemo } from 'react';
import { errorText } from '../api/error-text.ts';
import { useServerNow } from '../state/feed-context.tsx';
import { useT } from '../state/use-t.ts';
import { Panel, type PanelState } from '../ui/Panel.tsx';
import { EmptyResults } from './EmptyResults.tsx';
import type { Span } from './range.ts';
import { ResultList } from './ResultList.tsx';
import type { Investigation } from './use-investigation.ts';
import { maxRows, type useEventPages } from './use-searches.ts';
import styles from './InvestigatePage.module.css';

interface ResultsProps {
  readonly pages: ReturnType<typeof useEventPages>;
  readonly span: Span;
  readonly investigation: Investigation;
  readonly onScrolled: (scrolled: boolean) => void;
  readonly onCopyLink: () => void;
}

/** The matching events with what is said of them as a whole: how many, how old, how long it took. */
export function Results({ pages, span, investigation, onScrolled, onCopyLink }: ResultsProps) {
  const { t, formatNumber } = useT();
  const { data, error, refetch, hasNextPage, isFetching, isFetchingNextPage, fetchNextPage } = pages;
  const events = useMemo(() => data?.pages.flatMap((page) => page.events) ?? [], [data]);
  const total = data?.pages[0]?.total ?? 0;
  const failed = error !== null && !isFetching;
  const state: PanelState =
    failed && !data
      ? { kind: 'error', text: errorText(error, t), retry: () => void refetch() }
      : data
        ? { kind: 'ready' }
        : { kind: 'loading' };
  const capped = events.length >= maxRows && total > events.length;
  return (
    <Panel
      title={t('investigate.results')}
      state={state}
      truncated={data ? { shown: events.length, total } : null}
      className={styles.results}
      bodyClassName={styles.resultsBody}
      aside={
        <>
          <span className={styles.keys}>{t('investigate.results.keys')}</span>
          {data && <ReadAge at={pages.dataUpdatedAt} tookMs={data.pages[0]?.tookMs ?? 0} />}
        </>
      }
    >
      {failed && data && (
        <p className={styles.warning} role="alert">
          {errorText(error, t)}
        </p>
      )}
      {capped && (
        <p className={styles.warning}>
          {t('investigate.results.capped', {
            shown: formatNumber(events.length),
            total: formatNumber(total),
          })}
        </p>
      )}
      {data && events.length === 0 ? (
        <EmptyResults span={span} investigation={investigation} />
      ) : (
        <ResultList
          events={events}
          span={span}
          investigation={investigation}
          onMore={hasNextPage && !isFetching && !failed ? () => void fetchNextPage() : null}
          loadingMore={isFetchingNextPage}
          onScrolled={onScrolled}
          onCopyLink={onCopyLink}
        />
      )}
    </Panel>
  );
}

/** How long ago the answer came, by our own clock; drawn again with each second of the feed's. */
function ReadAge(props: { readonly at: number; readonly tookMs: number }) {
  const { t, formatAge, formatNumber } = useT();
  useServerNow();
  return (
    <span>
      {t('investigate.age', {
        age: formatAge(Date.now() - props.at),
        ms: formatNumber(Math.round(props.tookMs)),
      })}
    </span>
  );
}
