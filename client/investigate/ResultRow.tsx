import { memo } from 'react';
import type { StoredEvent } from '../../shared/api/schemas.ts';
import type { Zone } from '../../shared/i18n/zone.ts';
import { partyTile } from '../../shared/party.ts';
import { useFeed } from '../state/feed-context.tsx';
import { useT } from '../state/use-t.ts';
import { Untrusted } from '../ui/Untrusted.tsx';
import { aboutEvent, describeEvent } from './describe-event.ts';
import { timeOf, valueOf } from './event-value.ts';
import { dayMinute } from './range.ts';
import styles from './ResultList.module.css';

/** Longest text of a cell: more is never seen in a row. */
const cellLength = 300;

interface RowProps {
  readonly id: string;
  readonly event: StoredEvent;
  readonly zone: Zone;
  /** The range spans more than a day: the date is shown too. */
  readonly dated: boolean;
  readonly top: number;
  readonly height: number;
  readonly active: boolean;
  readonly selected: boolean;
  readonly onOpen: (event: StoredEvent) => void;
}

/** One event in one line. */
export const ResultRow = memo(function ResultRow(props: RowProps) {
  const { id, event, zone, dated, top, height, active, selected, onOpen } = props;
  const { t } = useT();
  const { key, tone, detail } = describeEvent(event);
  const at = dayMinute(timeOf(event), zone);
  const look = [styles.row, active && styles.active, selected && styles.selected];
  return (
    <li
      id={id}
      role="option"
      aria-selected={selected}
      className={look.filter(Boolean).join(' ')}
      style={{ height, transform: `translateY(${top}px)` }}
      onClick={() => onOpen(event)}
    >
      <time className={styles.time}>{dated ? at : at.slice(6)}</time>
      <span className={`${styles.what} ${styles[tone] ?? ''}`}>
        {t(key)}
        {detail !== null && (
          <>
            {' '}
            <Untrusted text={detail.slice(0, cellLength)} />
          </>
        )}
      </span>
      <Cell text={valueOf(event, 'user.name')} />
      <Cell text={valueOf(event, 'source.ip')} />
      <Cell text={aboutEvent(event)} />
      <Cell text={valueOf(event, 'http.response.status_code')} className={styles.number} />
      <PartyCell id={valueOf(event, 'organization.id')} />
    </li>
  );
});

function Cell(props: { readonly text: string | null; readonly className?: string | undefined }) {
  const { text, className } = props;
  return (
    <span className={`${styles.cell} ${className ?? ''}`}>
      {text !== null && <Untrusted text={text.slice(0, cellLength)} />}
    </span>
  );
}

function PartyCell(props: { readonly id: string | null }) {
  const { id } = props;
  const tile = useFeed(({ parties }) => {
    const party = parties.find((known) => known.id === id);
    return party ? partyTile(party) : null;
  });
  if (id === null) return <span className={styles.cell} />;
  return (
    <span className={styles.cell}>
      {tile ? <span className={styles.tile}>{tile}</span> : <Untrusted text={id.slice(0, cellLength)} />}
    </span>
  );
}
