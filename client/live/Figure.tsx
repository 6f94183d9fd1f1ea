import type { ReactNode } from 'react';
import styles from './FigureStrip.module.css';

/** One key figure with what is usual beneath; `raised` marks it with ▲ and the word of `note`. */
export function Figure(props: {
  readonly label: string;
  readonly value: string;
  readonly unit?: string;
  readonly note: ReactNode;
  readonly raised?: boolean;
  /** Nothing is known now: a dash, and no word beside it. */
  readonly blind: boolean;
}) {
  const { label, value, unit, note, blind } = props;
  const raised = props.raised === true && !blind;
  return (
    <div className={`${styles.figure} ${raised ? styles.raised : ''}`}>
      <dt>{label}</dt>
      <dd className={styles.value}>
        {blind ? '—' : value}
        {unit && <small>{unit}</small>}
        {raised && (
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M12 2 23 22H1z" />
          </svg>
        )}
      </dd>
      <dd className={styles.note}>{blind ? '\u00A0' : note}</dd>
    </div>
  );
}
