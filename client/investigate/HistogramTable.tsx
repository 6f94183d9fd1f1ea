import type { Histogram } from '../../shared/api/schemas.ts';
import type { Zone } from '../../shared/i18n/zone.ts';
import { useT } from '../state/use-t.ts';
import { isoMinute } from './range.ts';
import styles from './HistogramPanel.module.css';

const kinds = ['success', 'failure', 'blocked', 'other'] as const;

/** The histogram in figures, for those who can't see it; columns without an event are left out. */
export function HistogramTable(props: { readonly histogram: Histogram; readonly zone: Zone }) {
  const { histogram, zone } = props;
  const { t, formatNumber } = useT();
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t('investigate.column.time', { zone })}</th>
          {kinds.map((kind) => (
            <th key={kind} scope="col">
              {t(`investigate.series.${kind}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {histogram.at.map((at, index) =>
          kinds.every((kind) => !histogram[kind][index]) ? null : (
            <tr key={at}>
              <th scope="row">{isoMinute(at, zone)}</th>
              {kinds.map((kind) => (
                <td key={kind}>{formatNumber(histogram[kind][index] ?? 0)}</td>
              ))}
            </tr>
          ),
        )}
      </tbody>
    </table>
  );
}
