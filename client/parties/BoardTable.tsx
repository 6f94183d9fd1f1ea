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
  const { t, formatNumber } = useT();
  const standing = useStandingText();
  const selected = board.state.party === row.id;
  const target = selected ? null : row.id;
  const zero = (value: number): string | undefined => (value === 0 ? styles.zero : undefined);
  return (
    <tr
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
          {row.alert && <SeverityGlyph severity={row.alert} size={15} />}
        </span>
      </td>
      <td className={isOff(row) ? styles.off : styles.standing}>
        {isOff(row) && <OffMark />} {standing(row)}
      </td>
      <td className={styles.number}>
        {row.registered === null
          ? formatNumber(row.accounts)
          : t('parties.accounts.of', {
              known: formatNumber(row.accounts),
              registered: formatNumber(row.registered),
            })}
      </td>
      <td className={styles.number}>
        <LastLogin at={row.lastLogin} />
      </td>
      <td className={`${styles.number} ${zero(row.failuresHour) ?? ''}`}>
        {row.failuresHour >= partyThresholds.medium && <OffMark />} {formatNumber(row.failuresHour)}
      </td>
      <td className={`${styles.number} ${zero(row.locked) ?? ''}`}>{formatNumber(row.locked)}</td>
      <td className={`${styles.number} ${zero(row.sessions) ?? ''}`}>{formatNumber(row.sessions)}</td>
    </tr>
  );
}
