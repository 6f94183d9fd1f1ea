import type { ReactNode } from 'react';
import styles from './FigureStrip.module.css';

/** One key figure with what is usual beneath; `raised` marks it with ▲ and the word of `note`. */
export function Figure(props: {
  readonly label: string;
  readonly value: string;
  readonly unit?: string;
  readonly note: ReactNode;
  readonly raised?: boolean;
}) {
  const { label, value, unit, note, raised = false } = props;
  return (
    <div className={`${styles.figure} ${raised ? styles.raised : ''}`}>
      <dt>{label}</dt>
      <dd className={styles.value}>
        {value}
        {unit && <small>{unit}</small>}
        {raised && (
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M12 2 23 22H1z" />
          </svg>
        )}
      </dd>
      <dd className={styles.note}>{note}</dd>
    </div>
  );
}
