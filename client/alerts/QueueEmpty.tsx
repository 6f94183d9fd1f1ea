import { useFeed, useServerNow } from '../state/feed-context.tsx';
import { useT } from '../state/use-t.ts';
import styles from './AlertQueue.module.css';

/** Nothing open: says what that rests on, and when it means little. */
export function QueueEmpty() {
  const { t, formatAge } = useT();
  const now = useServerNow();
  const heard = useFeed(({ frame }) =>
    frame ? Math.max(0, ...frame.sources.map(({ lastHeard }) => lastHeard ?? 0)) : 0,
  );
  const covered = useFeed(({ frame }) => frame !== null && frame.coverage.length === 0);
  return (
    <div className={styles.empty}>
      <p>{t('alerts.empty')}</p>
      {heard > 0 && <p>{t('alerts.empty.heard', { age: formatAge(now - heard) })}</p>}
      {!covered && <p className={styles.warning}>{t('alerts.empty.silent')}</p>}
    </div>
  );
}
