import { StateBadge } from '../ui/StateBadge.tsx';
import styles from './WallCanvas.module.css';
import type { WallHeader } from './wall-header.ts';

/** State word, why, the time and how old the data is; the sweep under the clock needs no script to run. */
export function WallHeading(props: { readonly header: WallHeader }) {
  const { word, line, clock, age, aging } = props.header;
  return (
    <header className={styles.header}>
      {word ? (
        <StateBadge word={word} className={styles.word} />
      ) : (
        <strong className={`${styles.word} ${styles.unknown}`}>—</strong>
      )}
      <p className={styles.line}>
        <bdi>{line}</bdi>
      </p>
      <p className={styles.clock}>
        <span>
          <time>{clock}</time>
          <span className={styles.sweep} aria-hidden="true" />
        </span>
        <span aria-hidden="true">·</span>
        <span className={aging ? styles.aging : undefined}>
          {aging && (
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <path d="M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM8 4v4.2l2.8 1.8" />
            </svg>
          )}
          {age}
        </span>
      </p>
    </header>
  );
}
