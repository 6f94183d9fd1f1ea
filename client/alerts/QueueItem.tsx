import { memo } from 'react';
import type { Alert } from '../../shared/alert.ts';
import { partyTile } from '../../shared/party.ts';
import { useEachSecond, useFeed } from '../state/feed-context.tsx';
import { useT } from '../state/use-t.ts';
import { SeverityGlyph } from '../ui/SeverityGlyph.tsx';
import { Untrusted } from '../ui/Untrusted.tsx';
import styles from './AlertQueue.module.css';
import { isUnseen } from './queue-order.ts';

const partyField = 'organization.id';

/** Two characters for the party of an alert's key, `??` for one that the register doesn't know, `null` without. */
function usePartyTile(id: string | undefined): string | null {
  return useFeed(({ parties }) => {
    if (id === undefined) return null;
    const party = parties.find((known) => known.id === id);
    return party ? partyTile(party) : '??';
  });
}

interface ItemProps {
  readonly id: string;
  readonly alert: Alert;
  readonly gone: boolean;
  readonly active: boolean;
  readonly selected: boolean;
  readonly onOpen: (alert: Alert) => void;
}

/** One alert in two lines: what, how often and how long; then who, where and whose. */
export const QueueItem = memo(function QueueItem(props: ItemProps) {
  const { id, alert, gone, active, selected, onOpen } = props;
  const { t, language, formatAge, formatCompact } = useT();
  const tile = usePartyTile(alert.key[partyField]);
  const values = Object.entries(alert.key).filter(([field]) => field !== partyField || tile === '??');
  const age = useEachSecond((now) => formatAge(now - alert.createdAt));
  const look = [styles.item, active && styles.active, selected && styles.selected, gone && styles.gone];
  return (
    <li
      id={id}
      role="option"
      aria-selected={selected}
      className={look.filter(Boolean).join(' ')}
      onClick={() => onOpen(alert)}
    >
      <SeverityGlyph
        severity={alert.severity}
        size={20}
        pulse={alert.severity === 'critical' && isUnseen(alert) && !gone}
      />
      <span className={styles.what} title={alert.rule.title[language]}>
        {alert.rule.title[language]}
      </span>
      <span className={styles.count}>{t('alerts.count', { count: formatCompact(alert.count) })}</span>
      <span className={styles.age} title={t('alerts.age', { age })}>
        {age}
      </span>
      <span className={styles.where}>
        {tile && <span className={styles.tile}>{tile}</span>}
        {values.map(([field, value]) => (
          <Untrusted key={field} text={value} />
        ))}
      </span>
      <span className={styles.owner}>
        {gone ? t('alerts.gone') : alert.owner ? <Untrusted text={alert.owner} /> : t('alerts.nobody')}
      </span>
    </li>
  );
});
