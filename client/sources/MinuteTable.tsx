import type { LedgerMinute } from '../../shared/api/ledger.ts';
import type { Zone } from '../../shared/i18n/zone.ts';
import { isoMinute } from '../investigate/range.ts';
import { useT } from '../state/use-t.ts';
import { differenceOf } from './source-rows.ts';
import styles from './SourceDetail.module.css';

const proved = ['received', 'stored', 'rejected'] as const;
const counted = [...proved, 'unparsed', 'late', 'duplicate'] as const;
/** Rows drawn at most, the newest. */
export const maxMinuteRows = 1_440;

interface MinuteTableProps {
  readonly minutes: readonly LedgerMinute[];
  readonly zone: Zone;
  /** Only what the proof is made of, with what the event store counts and by how much it is off. */
  readonly withStore?: boolean;
}

/** Minutes of the ledger in figures, newest first; those in which nothing came are left out. */
export function MinuteTable({ minutes, zone, withStore = false }: MinuteTableProps) {
  const { t, formatNumber } = useT();
  const columns: readonly (typeof counted)[number][] = withStore ? proved : counted;
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t('sources.detail.time', { zone })}</th>
          {columns.map((column) => (
            <th key={column} scope="col">
              {t(`sources.column.${column}`)}
            </th>
          ))}
          {withStore && <th scope="col">{t('sources.detail.inStore')}</th>}
          {withStore && <th scope="col">{t('sources.difference')}</th>}
        </tr>
      </thead>
      <tbody>
        {minutes
          .slice(-maxMinuteRows)
          .toReversed()
          .map((minute) => (
            <tr key={minute.minute}>
              <th scope="row">{isoMinute(minute.minute, zone).slice(0, 16)}</th>
              {columns.map((column) => (
                <td key={column} className={minute[column] === 0 ? styles.zero : undefined}>
                  {formatNumber(minute[column])}
                </td>
              ))}
              {withStore && <td>{formatNumber(minute.inStore)}</td>}
              {withStore && <td className={styles.bad}>{signed(differenceOf(minute), formatNumber)}</td>}
            </tr>
          ))}
      </tbody>
    </table>
  );
}

const signed = (value: number, formatNumber: (value: number) => string): string =>
  `${value > 0 ? '+' : ''}${formatNumber(value)}`;
