import type { AlertChange } from '../../shared/alert.ts';
import { usePreference } from '../state/preferences-context.tsx';
import { useT } from '../state/use-t.ts';
import { Untrusted } from '../ui/Untrusted.tsx';
import styles from './AlertDetail.module.css';

/** As many changes as are drawn, newest first. */
export const maxHistoryRows = 100;

/** Growth is told once a run: only its newest, so that what people did stands out. */
function withoutRepeats(history: readonly AlertChange[]): AlertChange[] {
  const newestFirst = history.toSorted((a, b) => b.seq - a.seq);
  return newestFirst.filter(
    ({ kind }, index) => kind !== 'updated' || newestFirst[index - 1]?.kind !== 'updated',
  );
}

/** What happened to an alert and who did it; `null` while it is being read. */
export function AlertHistory(props: { readonly history: readonly AlertChange[] | null }) {
  const { t, formatDateTime } = useT();
  const zone = usePreference('zone');
  const { history } = props;
  if (!history) return <p className={styles.muted}>{t('panel.loading')}</p>;
  if (history.length === 0) return <p className={styles.muted}>{t('alert.history.none')}</p>;
  return (
    <ol className={styles.history}>
      {withoutRepeats(history)
        .slice(0, maxHistoryRows)
        .map((change) => (
          <li key={change.seq}>
            <time>{formatDateTime(change.at, zone)}</time>
            <span>
              {t(`alert.change.${change.kind}`)} ·{' '}
              {change.actor === null ? t('alert.system') : <Untrusted text={change.actor} />}
              {change.note !== null && <Untrusted className={styles.note} text={change.note} />}
            </span>
          </li>
        ))}
    </ol>
  );
}
