import { maxLedgerListed, type Ledger, type LedgerRejection } from '../../shared/api/ledger.ts';
import type { Zone } from '../../shared/i18n/zone.ts';
import { isoMinute } from '../investigate/range.ts';
import { useT } from '../state/use-t.ts';
import { Untrusted } from '../ui/Untrusted.tsx';
import { MinuteTable } from './MinuteTable.tsx';
import styles from './SourceDetail.module.css';

interface FindingsProps {
  /** Of one source. */
  readonly ledger: Ledger;
  readonly zone: Zone;
}

/** The minutes in which ledger and event store differ. */
export function DifferenceList({ ledger, zone }: FindingsProps) {
  const { t, formatNumber } = useT();
  const { differences } = ledger;
  const count = formatNumber(differences.length);
  return (
    <section className={styles.finding}>
      <header>
        <h3>{t('sources.differences')}</h3>
        {differences.length > 0 && (
          <span>
            {differences.length < maxLedgerListed
              ? t('sources.differences.some', { count })
              : t('sources.differences.more')}
          </span>
        )}
      </header>
      {differences.length === 0 ? (
        <p className={styles.none}>{t('sources.differences.none')}</p>
      ) : (
        <MinuteTable minutes={differences} zone={zone} withStore />
      )}
    </section>
  );
}

/** What was rejected, why, and how it began. */
export function RejectionList({ ledger, zone }: FindingsProps) {
  const { t, formatNumber } = useT();
  const { rejections, sources } = ledger;
  const total = sources[0]?.rejected ?? 0;
  const shown = rejections.reduce((sum, { lines }) => sum + lines, 0);
  return (
    <section className={styles.finding}>
      <header>
        <h3>{t('sources.rejections')}</h3>
        {total > 0 && (
          <span>
            {t('sources.rejections.shown', { shown: formatNumber(shown), total: formatNumber(total) })}
          </span>
        )}
      </header>
      {rejections.length === 0 && total === 0 ? (
        <p className={styles.none}>{t('sources.rejections.none')}</p>
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('sources.detail.time', { zone })}</th>
              <th scope="col">{t('sources.rejection.lines')}</th>
              <th scope="col" className={styles.text}>
                {t('sources.rejection.reason')}
              </th>
              <th scope="col" className={styles.text}>
                {t('sources.rejection.sample')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rejections.map((rejection, index) => (
              <Rejection key={`${rejection.at} ${index}`} rejection={rejection} zone={zone} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** One rejection; how many lines a lost file held is not known, and then `lines` is 0. */
function Rejection(props: { readonly rejection: LedgerRejection; readonly zone: Zone }) {
  const { at, lines, reason, sample } = props.rejection;
  const { t, formatNumber } = useT();
  return (
    <tr>
      <th scope="row">{isoMinute(at, props.zone)}</th>
      <td>{lines === 0 ? '?' : formatNumber(lines)}</td>
      <td className={styles.text}>
        <Untrusted text={reason} className={styles.reason} />
      </td>
      <td className={styles.text}>
        {sample === '' ? (
          <span className={styles.zero}>{t('sources.rejection.noSample')}</span>
        ) : (
          <Untrusted text={sample} />
        )}
      </td>
    </tr>
  );
}
