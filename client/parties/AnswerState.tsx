import type { UseQueryResult } from '@tanstack/react-query';
import { errorText } from '../api/error-text.ts';
import { useEachSecond } from '../state/feed-context.tsx';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import type { PanelState } from '../ui/Panel.tsx';
import styles from './PartiesPage.module.css';
import { isNotFound, staleBoardMs } from './use-parties.ts';

type Query = Pick<UseQueryResult, 'data' | 'error' | 'refetch' | 'dataUpdatedAt'>;

/** What a panel of this answer has to show while there is none, and whether it is old. */
export function useAnswerState(
  query: Query,
  notFoundText: string,
): { state: PanelState; staleText: string | null } {
  const { t, formatAge } = useT();
  const { data, error, dataUpdatedAt } = query;
  const age = useEachSecond((_, now) =>
    data !== undefined && now - dataUpdatedAt > staleBoardMs ? formatAge(now - dataUpdatedAt) : null,
  );
  const state = ((): PanelState => {
    if (isNotFound(error)) return { kind: 'error', text: notFoundText };
    if (data !== undefined) return { kind: 'ready' };
    if (!error) return { kind: 'loading' };
    return { kind: 'error', text: errorText(error, t), retry: () => void query.refetch() };
  })();
  return { state, staleText: age === null ? null : t('panel.stale', { age }) };
}

/** Why the newest reading failed, above what was read before it. */
export function FailedReading(props: { readonly query: Query }) {
  const { data, error, refetch } = props.query;
  const { t } = useT();
  if (data === undefined || !error || isNotFound(error)) return null;
  return (
    <p className={styles.warning} role="alert">
      {errorText(error, t)} <Button onClick={() => void refetch()}>{t('error.retry')}</Button>
    </p>
  );
}

/** How long ago it was read. */
export function ReadAge(props: { readonly at: number }) {
  const { t, formatAge } = useT();
  const age = useEachSecond((_, now) => formatAge(now - props.at));
  return <span>{t('parties.read', { age })}</span>;
}
