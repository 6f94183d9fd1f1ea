import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useEachSecond } from '../state/feed-context.tsx';
import { partyThresholds } from '../state/party-tone.ts';
import { useT } from '../state/use-t.ts';
import { SeverityGlyph } from '../ui/SeverityGlyph.tsx';
import { Untrusted } from '../ui/Untrusted.tsx';
import { OffMark } from './OffMark.tsx';
import { isOff, type BoardRow } from './party-rows.ts';
import type { Board } from './use-board-state.ts';
import { useIntoView } from './use-into-view.ts';
import { useStandingText } from './use-standing-text.ts';
import styles from './BoardTiles.module.css';

const groups = ['national', 'aceh', 'strangers'] as const;
const groupOf = ({ party }: BoardRow): (typeof groups)[number] => party?.kind ?? 'strangers';

/** The parties as tiles, by kind, or in one row after another where the order is not that of numbers; grey is normal, dashed is not heard. */
export function BoardTiles(props: { readonly rows: readonly BoardRow[]; readonly board: Board }) {
  const { rows, board } = props;
  const { t } = useT();
  if (board.state.sort !== 'party') {
    return (
      <section className={styles.group}>
        <h3>{t('parties.sorted', { sort: t(`parties.sort.${board.state.sort}`) })}</h3>
        <TileList rows={rows} board={board} />
      </section>
    );
  }
  return groups.map((group) => {
    const members = rows.filter((row) => groupOf(row) === group);
    if (members.length === 0) return null;
    return (
      <section key={group} className={styles.group}>
        <h3>{t(`parties.${group}`)}</h3>
        <TileList rows={members} board={board} />
      </section>
    );
  });
}

function TileList(props: { readonly rows: readonly BoardRow[]; readonly board: Board }) {
  return (
    <ul>
      {props.rows.map((row) => (
        <Tile key={row.id} row={row} board={props.board} />
      ))}
    </ul>
  );
}

function Tile(props: { readonly row: BoardRow; readonly board: Board }) {
  const { row, board } = props;
  const selected = board.state.party === row.id;
  const place = useIntoView<HTMLLIElement>(selected);
  const look = [
    styles.tile,
    row.tone && styles[row.tone],
    row.standing === 'absent' && styles.absent,
    selected && styles.selected,
  ];
  return (
    <li ref={place}>
      <Link
        href={board.addressOf({ party: selected ? null : row.id })}
        className={look.filter(Boolean).join(' ')}
        aria-current={selected ? 'true' : undefined}
      >
        <span className={styles.head}>
          <strong>{row.tile}</strong>
          <span className={styles.name} title={row.party?.name}>
            {row.party ? row.party.name : <Untrusted text={row.id} />}
          </span>
          {row.alert && <SeverityGlyph severity={row.alert} size={16} />}
        </span>
        <Facts row={row} />
        <Standing row={row} />
      </Link>
    </li>
  );
}

function Facts(props: { readonly row: BoardRow }) {
  const { row } = props;
  const { t, formatNumber } = useT();
  const of = row.registered === null ? '' : `/${formatNumber(row.registered)}`;
  return (
    <span className={styles.facts}>
      <Fact label={t('parties.tile.accounts')} value={`${formatNumber(row.accounts)}${of}`} />
      <Fact
        label={t('parties.tile.failures')}
        value={t('parties.perHour', { count: formatNumber(row.failuresHour) })}
        raised={row.failuresHour >= partyThresholds.medium}
      />
      <Fact label={t('parties.tile.lastLogin')} value={<LastLogin at={row.lastLogin} />} />
      <Fact label={t('parties.tile.sessions')} value={formatNumber(row.sessions)} />
    </span>
  );
}

function Standing(props: { readonly row: BoardRow }) {
  const { row } = props;
  const { t } = useT();
  const standing = useStandingText();
  return (
    <span className={isOff(row) ? styles.off : styles.standing}>
      {isOff(row) && <OffMark />}
      {standing(row)}
      {row.locked > 0 && ` · ${t('parties.lockedOnes', { count: row.locked })}`}
    </span>
  );
}

function Fact(props: { readonly label: string; readonly value: ReactNode; readonly raised?: boolean }) {
  return (
    <span className={styles.fact}>
      <span>{props.label}</span> <b>{props.value}</b> {props.raised && <OffMark />}
    </span>
  );
}

/** How long ago the last login was, or a dash. */
export function LastLogin(props: { readonly at: number | null }) {
  const { formatAge } = useT();
  const { at } = props;
  return useEachSecond((now) => (at === null ? '—' : formatAge(now - at)));
}
