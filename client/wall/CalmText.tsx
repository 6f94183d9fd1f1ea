import { useT } from '../state/use-t.ts';
import styles from './WallCanvas.module.css';
import { isDark, type WallFacts } from './wall-facts.ts';
import { useClosedAlerts } from './use-closed-alerts.ts';

/** Instead of alerts, when there are none: what that rests on. Says nothing while nothing is known. */
export function CalmText(props: { readonly facts: WallFacts }) {
  const { facts } = props;
  const { t, formatNumber } = useT();
  const known = !isDark(facts) && facts.frame !== null;
  const closed = useClosedAlerts(facts.now, known);
  if (!known) return <p className={styles.calm}>—</p>;
  const sources = facts.frame?.sources ?? [];
  const heard = sources.filter(
    ({ lastHeard, silent, fault }) => lastHeard !== null && !silent && fault === null,
  );
  return (
    <div className={styles.calm}>
      <p>{t('wall.calm.none')}</p>
      {sources.length > 0 && (
        <p>
          {t(heard.length === sources.length ? 'wall.calm.sources' : 'wall.calm.sources.some', {
            heard: formatNumber(heard.length),
            count: formatNumber(sources.length),
          })}
        </p>
      )}
      {closed && (
        <p>
          {closed.critical + closed.high === 0
            ? t('wall.calm.day.none')
            : t('wall.calm.day', {
                critical: formatNumber(closed.critical),
                high: formatNumber(closed.high),
              })}
        </p>
      )}
    </div>
  );
}
