import type { ReactNode } from 'react';
import styles from './Page.module.css';

/** A screen that scrolls as a whole: its title, with what can be done beside it, and what it shows one below the other. */
export function Page(props: {
  readonly title: ReactNode;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div className={styles.page}>
      <div className={styles.top}>
        <h1 className={styles.title}>{props.title}</h1>
        {props.aside}
      </div>
      {props.children}
    </div>
  );
}
