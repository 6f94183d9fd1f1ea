import styles from './Mark.module.css';

/** The word mark. */
export function Mark() {
  return (
    <span className={styles.mark}>
      <svg viewBox="0 0 26 20" aria-hidden="true">
        <path d="M1 12h6l3-10 5 15 3-9 2 4h5" />
      </svg>
      SIAGA
    </span>
  );
}
