import { Link } from 'wouter';
import type { Ledger, LedgerSource } from '../../shared/api/ledger.ts';
import type { SourceHealth } from '../../shared/live/frame.ts';
import { soundOf } from '../live/source-state.ts';
import { useServerNow } from '../state/feed-context.tsx';
import { investigateRange } from '../state/investigate-link.ts';
import { useT } from '../state/use-t.ts';
import { revealHidden, Untrusted } from '../ui/Untrusted.tsx';
import { formatBytes } from './format-bytes.ts';
import { Sparkline } from './Sparkline.tsx';
import { differenceOf, totalOf, type SourceRow } from './source-rows.ts';
import styles from './SourceTable.module.css';

const dash = '—';

interface RowProps {
  readonly row: SourceRow;
  readonly ledger: Ledger | undefined;
  readonly series: readonly (number | null)[];
  readonly isSelected: boolean;
  readonly onSelect: (source: string | null) => void;
}

/** A source's row; a click anywhere in it, or its name by the keyboard, opens and closes its details. */
export function SourceTableRow({ row, ledger, series, isSelected, onSelect }: RowProps) {
  const { t } = useT();
  const { id, health, configured, counts } = row;
  const toggle = (): void => onSelect(isSelected ? null : id);
  return (
    <tr
      className={styles.row}
      data-selected={isSelected ? '' : undefined}
      onClick={(event) => {
        if (!(event.target instanceof Element && event.target.closest('a, button'))) toggle();
      }}
    >
      <th scope="row" title={revealHidden(id)}>
        <button
          type="button"
          aria-expanded={isSelected}
          aria-label={t('sources.select', { source: id })}
          onClick={toggle}
        >
          <Untrusted text={id} />
          {health && <span className={styles.kind}>{t(`sources.kind.${health.kind}`)}</span>}
        </button>
      </th>
      {health ? <NowCells health={health} /> : <NoCells configured={configured} />}
      <td className={`${styles.left} ${styles.begins}`}>
        <Sparkline values={series} />
      </td>
      {counts && ledger ? (
        <RangeCells row={row} counts={counts} ledger={ledger} />
      ) : (
        Array.from({ length: 8 }, (_, index) => <Missing key={index} />)
      )}
    </tr>
  );
}

const Missing = () => <td className={`${styles.number} ${styles.zero}`}>{dash}</td>;

function NoCells(props: { readonly configured: boolean }) {
  const { t } = useT();
  return (
    <>
      <td className={styles.left}>
        {props.configured ? (
          dash
        ) : (
          <span className={styles.gone} title={t('sources.state.gone.hint')}>
            {t('sources.state.gone')}
          </span>
        )}
      </td>
      <Missing />
      <Missing />
      <Missing />
      <Missing />
    </>
  );
}

function NowCells(props: { readonly health: SourceHealth }) {
  const { health } = props;
  const { t, formatNumber, formatAge } = useT();
  const now = useServerNow();
  const { lastHeard, lagMs, behindBytes, received } = health;
  const number = (isSome: boolean): string => `${styles.number} ${styles.live} ${isSome ? '' : styles.zero}`;
  return (
    <>
      <StateCell health={health} />
      <td className={number(lastHeard !== null)}>
        {lastHeard === null ? dash : t('sources.ago', { age: formatAge(now - lastHeard) })}
      </td>
      <td className={number(received > 0)}>{t('sources.rate', { count: formatNumber(received) })}</td>
      <td className={number(lagMs !== null)}>{lagMs === null ? dash : formatAge(lagMs)}</td>
      <td className={number(Boolean(behindBytes))}>
        {behindBytes === null ? dash : formatBytes(behindBytes, formatNumber)}
      </td>
    </>
  );
}

function StateCell(props: { readonly health: SourceHealth }) {
  const { fault } = props.health;
  const { t } = useT();
  const sound = soundOf(props.health);
  const isBad = sound === 'fault' || sound === 'silent';
  return (
    <td className={`${styles.left} ${styles.live} ${isBad ? styles.bad : ''}`}>
      {isBad && <span aria-hidden="true">▲ </span>}
      {sound === 'fault' ? fault && t(`source.fault.${fault}`) : t(`sources.state.${sound}`)}
    </td>
  );
}

interface RangeProps {
  readonly row: SourceRow;
  readonly counts: LedgerSource;
  readonly ledger: Ledger;
}

function RangeCells({ row, counts, ledger }: RangeProps) {
  return (
    <>
      <Count value={counts.received} isMain />
      <Count value={counts.stored} />
      <Count value={counts.rejected} isBad />
      <Count value={counts.pending} />
      <Unparsed counts={counts} source={row.id} ledger={ledger} />
      <Count value={counts.late} />
      <Count value={counts.duplicate} />
      <Verdict balanced={row.balanced} difference={differenceOf(counts)} />
    </>
  );
}

function Count(props: { readonly value: number; readonly isMain?: boolean; readonly isBad?: boolean }) {
  const { value, isMain = false, isBad = false } = props;
  const { formatNumber } = useT();
  const tone = value === 0 ? styles.zero : isBad ? styles.bad : isMain ? styles.main : '';
  return <td className={`${styles.number} ${tone}`}>{formatNumber(value)}</td>;
}

function Unparsed(props: {
  readonly counts: LedgerSource;
  readonly source: string;
  readonly ledger: Ledger;
}) {
  const { counts, source, ledger } = props;
  const { t, formatNumber } = useT();
  const { unparsed, stored } = counts;
  if (unparsed === 0) return <Count value={0} />;
  const count = formatNumber(unparsed);
  const key = { 'event.dataset': 'unparsed', 'siaga.source': source };
  return (
    <td className={styles.number}>
      <Link
        href={investigateRange(ledger.from, ledger.to, key)}
        aria-label={t('sources.unparsed.open', { count, source })}
      >
        {count}
      </Link>{' '}
      <span className={styles.share}>{shareOf(unparsed, stored, formatNumber)}</span>
    </td>
  );
}

/** `0,4 %` of the whole; what would be drawn as none is said to be less than a tenth. */
export function shareOf(part: number, whole: number, formatNumber: (value: number) => string): string {
  const percent = whole === 0 ? 0 : (part / whole) * 100;
  return percent > 0 && percent < 0.1 ? `<${formatNumber(0.1)} %` : `${formatNumber(percent)} %`;
}

function Verdict(props: { readonly balanced: boolean; readonly difference: number }) {
  const { t, formatNumber } = useT();
  const { balanced, difference } = props;
  if (balanced) {
    return (
      <td className={styles.number}>
        <span aria-hidden="true">✓ </span>
        {t('sources.balanced')}
      </td>
    );
  }
  return (
    <td className={`${styles.number} ${styles.bad}`}>
      ▲ {difference > 0 ? '+' : ''}
      {formatNumber(difference)}
    </td>
  );
}

/** The sums of the range over all sources. */
export function TotalRow(props: { readonly ledger: Ledger }) {
  const { ledger } = props;
  const { t, formatNumber } = useT();
  const total = totalOf(ledger.sources);
  return (
    <tfoot>
      <tr>
        <th scope="row">{t('sources.total')}</th>
        <td colSpan={5} />
        <td className={styles.begins} />
        <Count value={total.received} isMain />
        <Count value={total.stored} />
        <Count value={total.rejected} isBad />
        <Count value={total.pending} />
        <td className={`${styles.number} ${total.unparsed === 0 ? styles.zero : ''}`}>
          {formatNumber(total.unparsed)}{' '}
          {total.unparsed > 0 && (
            <span className={styles.share}>{shareOf(total.unparsed, total.stored, formatNumber)}</span>
          )}
        </td>
        <Count value={total.late} />
        <Count value={total.duplicate} />
        <Verdict balanced={ledger.balanced} difference={differenceOf(total)} />
      </tr>
    </tfoot>
  );
}
