import { Link } from 'wouter';
import type { MessageKey } from '../../shared/i18n/catalogue.ts';
import { partyThresholds } from '../state/party-tone.ts';
import { useT } from '../state/use-t.ts';
import { SeverityGlyph } from '../ui/SeverityGlyph.tsx';
import { Untrusted } from '../ui/Untrusted.tsx';
import type { BoardSort } from './board-state.ts';
import { LastLogin } from './BoardTiles.tsx';
import { OffMark } from './OffMark.tsx';
import { isOff, type BoardRow } from './party-rows.ts';
import type { Board } from './use-board-state.ts';
import { useIntoView } from './use-into-view.ts';
import { useStandingText } from './use-standing-text.ts';
import styles from './BoardTable.module.css';

const columns = [
  { sort: 'party', label: 'parties.column.party', number: false },
  { sort: 'verdict', label: 'parties.column.verdict', number: false },
  { sort: 'accounts', label: 'parties.column.accounts', number: true },
  { sort: 'lastLogin', label: 'parties.column.lastLogin', number: true },
  { sort: 'failures', label: 'parties.column.failures', number: true },
  { sort: 'locked', label: 'parties.column.locked', number: true },
  { sort: 'sessions', label: 'parties.column.sessions', number: true },
] as const satisfies readonly { sort: BoardSort; label: MessageKey; number: boolean }[];

/** The parties as a table; a column's head sorts by it, and once more the other way round. */
export function BoardTable(props: { readonly rows: readonly BoardRow[]; readonly board: Board }) {
  const { rows, board } = props;
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {columns.map((column) => (
            <Head key={column.sort} {...column} board={board} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.id} row={row} board={board} />
        ))}
      </tbody>
    </table>
  );
}

function Head(props: (typeof columns)[number] & { readonly board: Board }) {
  const { sort, label, number, board } = props;
  const { state, change } = board;
  const { t } = useT();
  const here = state.sort === sort;
  // By number the smallest comes first, by all else the largest.
  const ascending = (sort === 'party') !== state.reversed;
  return (
    <th
      className={number ? styles.number : undefined}
      aria-sort={here ? (ascending ? 'ascending' : 'descending') : undefined}
    >
      <button type="button" onClick={() => change({ sort, reversed: here && !state.reversed })}>
        {t(label)}
        <span aria-hidden="true">{here ? (ascending ? '▲' : '▼') : ''}</span>
      </button>
    </th>
  );
}

function Row(props: { readonly row: BoardRow; readonly board: Board }) {
  const { row, board } = props;
  const standing = useStandingText();
  const selected = board.state.party === row.id;
  const target = selected ? null : row.id;
  const place = useIntoView<HTMLTableRowElement>(selected);
  return (
    <tr
      ref={place}
      className={selected ? styles.selected : undefined}
      onClick={(event) => {
        if (event.target instanceof Element && event.target.closest('a')) return;
        board.change({ party: target });
      }}
    >
      <td>
        <span className={styles.party}>
          <Link href={board.addressOf({ party: target })} aria-current={selected ? 'true' : undefined}>
            <strong>{row.tile}</strong> {row.party ? row.party.name : <Untrusted text={row.id} />}
          </Link>
          {row.alert && <SeverityGlyph severity={row.alert} size={16} />}
        </span>
      </td>
      <td className={isOff(row) ? styles.off : styles.standing}>
        {isOff(row) && <OffMark />} {standing(row)}
      </td>
      <Numbers row={row} />
    </tr>
  );
}

function Numbers(props: { readonly row: BoardRow }) {
  const { accounts, registered, lastLogin, failuresHour, locked, sessions } = props.row;
  const { t, formatNumber } = useT();
  const known = formatNumber(accounts);
  return (
    <>
      <td className={styles.number}>
        {registered === null
          ? known
          : t('parties.accounts.of', { known, registered: formatNumber(registered) })}
      </td>
      <td className={styles.number}>
        <LastLogin at={lastLogin} />
      </td>
      <Count value={failuresHour} raised={failuresHour >= partyThresholds.medium} />
      <Count value={locked} />
      <Count value={sessions} />
    </>
  );
}

function Count(props: { readonly value: number; readonly raised?: boolean }) {
  const { value, raised } = props;
  const { formatNumber } = useT();
  return (
    <td className={`${styles.number} ${value === 0 ? styles.zero : ''}`}>
      {raised && <OffMark />} {formatNumber(value)}
    </td>
  );
}
