import { useMemo } from 'react';
import type { MessageKey } from '../../shared/i18n/catalogue.ts';
import { useT } from '../state/use-t.ts';
import type { LedgerAnswer } from './use-ledger.ts';
import { SourceTableRow, TotalRow } from './SourceTableRow.tsx';
import { columnsOf } from './ledger-columns.ts';
import { isKept, type SourceRow } from './source-rows.ts';
import styles from './SourceTable.module.css';

/** Columns of how it is now, and of the range, in the order in which they stand; with `hint` what the number means. */
const nowColumns = ['state', 'heard', 'rate', 'lag', 'behind'] as const;
const rangeColumns = [
  'spark',
  'received',
  'stored',
  'rejected',
  'pending',
  'unparsed',
  'late',
  'duplicate',
  'balance',
] as const;
type Column = (typeof nowColumns)[number] | (typeof rangeColumns)[number];

const leftColumns: ReadonlySet<Column> = new Set(['state', 'spark']);
const hints: Readonly<Partial<Record<Column, MessageKey>>> = {
  heard: 'sources.hint.heard',
  rate: 'sources.hint.rate',
  lag: 'sources.hint.lag',
  behind: 'sources.hint.behind',
  received: 'sources.hint.received',
  stored: 'sources.hint.stored',
  rejected: 'sources.hint.rejected',
  pending: 'sources.hint.pending',
  unparsed: 'sources.hint.unparsed',
  late: 'sources.hint.late',
  duplicate: 'sources.hint.duplicate',
  balance: 'sources.hint.balance',
};

interface SourceTableProps {
  readonly rows: readonly SourceRow[];
  readonly answer: LedgerAnswer | undefined;
  readonly selected: string | null;
  readonly onSelect: (source: string | null) => void;
}

/** One row a source: how it is now, and what the ledger says of the range. */
export function SourceTable({ rows, answer, selected, onSelect }: SourceTableProps) {
  const { t } = useT();
  const series = useMemo(
    () =>
      new Map(
        answer?.ledger.sources.map(({ source }) => [
          source,
          columnsOf(answer.ledger, source, answer.bucket).received,
        ]),
      ),
    [answer],
  );
  return (
    <table className={styles.table}>
      <colgroup />
      <colgroup span={nowColumns.length} />
      <colgroup span={rangeColumns.length} />
      <thead>
        <tr>
          <th rowSpan={2} scope="col">
            {t('sources.column.source')}
          </th>
          <th colSpan={nowColumns.length} scope="colgroup">
            {t('sources.group.now')}
          </th>
          <th colSpan={rangeColumns.length} scope="colgroup" className={styles.begins}>
            {t('sources.group.range')}
          </th>
        </tr>
        <tr>
          {[...nowColumns, ...rangeColumns].map((column) => (
            <HeadCell key={column} column={column} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <SourceTableRow
            key={row.id}
            row={row}
            ledger={answer?.ledger}
            series={series.get(row.id) ?? []}
            isSelected={row.id === selected}
            onSelect={onSelect}
          />
        ))}
      </tbody>
      {answer && isKept(answer.ledger) && rows.length > 1 && <TotalRow ledger={answer.ledger} />}
    </table>
  );
}

function HeadCell(props: { readonly column: Column }) {
  const { column } = props;
  const { t } = useT();
  const hint = hints[column];
  return (
    <th
      scope="col"
      title={hint && t(hint)}
      className={`${leftColumns.has(column) ? styles.left : styles.number} ${column === 'spark' ? styles.begins : ''}`}
    >
      {t(`sources.column.${column}`)}
    </th>
  );
}
