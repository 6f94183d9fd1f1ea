import type { ReactNode } from 'react';
import { LanguageToggle, ThemeToggle } from './Toggles.tsx';
import { Mark } from './Mark.tsx';
import styles from './EntryCard.module.css';

/** The card of the screens before the screens: sign in, change password. */
export function EntryCard(props: {
  readonly title: string;
  readonly intro: string;
  readonly children: ReactNode;
}) {
  return (
    <div className={styles.page}>
      <div className={styles.corner}>
        <LanguageToggle />
        <ThemeToggle />
      </div>
      <main className={styles.card}>
        <Mark />
        <h1>{props.title}</h1>
        <p className={styles.intro}>{props.intro}</p>
        {props.children}
      </main>
    </div>
  );
}
