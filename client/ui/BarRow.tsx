import type { ReactNode } from 'react';
import styles from './BarRow.module.css';

/** One row of a sorted list: what, how many, and a bar from zero; `share` is 0 to 1 of the longest. */
export function BarRow(props: {
  readonly label: ReactNode;
  readonly value: string;
  readonly share: number;
  /** Colour token of the bar. */
  readonly color?: string;
}) {
  const { label, value, share, color = 'var(--d-fail)' } = props;
  return (
    <div className={styles.row}>
      <span className={styles.label}>{label}</span>
      <span className={styles.value}>{value}</span>
      <span className={styles.track} aria-hidden="true">
        <span
          className={styles.bar}
          style={{ width: `${Math.min(1, Math.max(0, share)) * 100}%`, background: color }}
        />
      </span>
    </div>
  );
}
