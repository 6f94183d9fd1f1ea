import { useMemo } from 'react';
import { errorText } from '../api/error-text.ts';
import { useFeed, useServerNow } from '../state/feed-context.tsx';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { Panel } from '../ui/Panel.tsx';
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
export function Results(props: ResultsProps) {
  const { pages } = props;
  const { t } = useT();
  const { data, refetch } = pages;
  const first = data?.pages[0];
  const failure = failureOf(pages);
  const shown = data?.pages.reduce((sum, { events }) => sum + events.length, 0) ?? 0;
  return (
    <Panel
      title={t('investigate.results')}
      state={
        data
          ? { kind: 'ready' }
          : failure
            ? { kind: 'error', text: errorText(failure, t), retry: () => void refetch() }
            : { kind: 'loading' }
      }
      truncated={first ? { shown, total: first.total } : null}
      className={styles.results}
      bodyClassName={styles.resultsBody}
      aside={
        <>
          <span className={styles.keys}>{t('investigate.results.keys')}</span>
          {first && <ReadAge at={pages.dataUpdatedAt} tookMs={first.tookMs} />}
        </>
      }
    >
      {first && <Rows {...props} shown={shown} total={first.total} failure={failure} />}
    </Panel>
  );
}

/** Why the newest try failed; `null` while another one runs. */
const failureOf = ({ error, isFetching }: ResultsProps['pages']): Error | null => (isFetching ? null : error);

function Rows(
  props: ResultsProps & { readonly shown: number; readonly total: number; readonly failure: Error | null },
) {
  const { pages, shown, total, failure, ...rest } = props;
  const { t, formatNumber } = useT();
  const { data, hasNextPage, isFetching, isFetchingNextPage, fetchNextPage } = pages;
  const events = useMemo(() => data?.pages.flatMap((page) => page.events) ?? [], [data]);
  return (
    <>
      {failure && (
        <p className={styles.warning} role="alert">
          {errorText(failure, t)}{' '}
          <Button onClick={() => void (hasNextPage ? fetchNextPage() : pages.refetch())}>
            {t('error.retry')}
          </Button>
        </p>
      )}
      {shown >= maxRows && total > shown && (
        <p className={styles.warning}>
          {t('investigate.results.capped', { shown: formatNumber(shown), total: formatNumber(total) })}
        </p>
      )}
      {events.length === 0 ? (
        <EmptyResults span={rest.span} investigation={rest.investigation} />
      ) : (
        <ResultList
          {...rest}
          events={events}
          onMore={hasNextPage && !isFetching && !failure ? () => void fetchNextPage() : null}
          loadingMore={isFetchingNextPage}
        />
      )}
    </>
  );
}

/** How long ago the answer came. */
function ReadAge(props: { readonly at: number; readonly tookMs: number }) {
  const { t, formatAge, formatNumber } = useT();
  const now = useServerNow();
  const offset = useFeed(({ clockOffset }) => clockOffset);
  return (
    <span>
      {t('investigate.age', {
        age: formatAge(now - offset - props.at),
        ms: formatNumber(Math.round(props.tookMs)),
      })}
    </span>
  );
}
