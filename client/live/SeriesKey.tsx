import type { ChartSeries } from '../charts/TimeChart.tsx';
import styles from './RecentChart.module.css';

/** Names of the lines in their colours, in the panel's head where they never cover data. */
export function SeriesKey(props: { readonly series: readonly ChartSeries[] }) {
  return (
    <span className={styles.key}>
      {props.series.map(({ label, color }) => (
        <span key={color}>
          <i style={{ background: `var(${color})` }} aria-hidden="true" />
          {label}
        </span>
      ))}
    </span>
  );
}
