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

/** Stands for a party that the register doesn't know. */
const unknownTile = '??';

/** Two characters for the one party that an alert names, `??` for one that the register doesn't know, how many for more, `null` without. */
function usePartyTile({ parties: named }: Alert): string | null {
  const { t } = useT();
  const [only] = named;
  const tile = useFeed(({ parties }) => {
    const party = parties.find(({ id }) => id === only);
    return party ? partyTile(party) : unknownTile;
  });
  if (only === undefined) return null;
  return named.length === 1 ? tile : t('alerts.parties', { count: named.length });
}

/** What an alert's key says beside its party; also who that is when the register doesn't know. */
function keyValues({ key, parties }: Alert, tile: string | null): [string, string][] {
  const values = Object.entries(key).filter(([field]) => field !== partyField || tile === null);
  const [only] = parties;
  return tile === unknownTile && only !== undefined ? [[partyField, only], ...values] : values;
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
  const tile = usePartyTile(alert);
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
        {keyValues(alert, tile).map(([field, value]) => (
          <Untrusted key={field} text={value} />
        ))}
      </span>
      <span className={styles.owner}>
        {gone ? t('alerts.gone') : alert.owner ? <Untrusted text={alert.owner} /> : t('alerts.nobody')}
      </span>
    </li>
  );
});
