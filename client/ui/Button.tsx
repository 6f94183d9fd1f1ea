import type { ButtonHTMLAttributes } from 'react';
import styles from './Button.module.css';

type Tone = 'plain' | 'primary' | 'quiet';

/** A button; with `refused` it stays focusable but does nothing, and says why. */
export function Button(
  props: Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className'> & {
    readonly tone?: Tone;
    /** Why it can't be used. */
    readonly refused?: string | null | undefined;
    readonly className?: string | undefined;
  },
) {
  const { tone = 'plain', refused, className, onClick, title, ...rest } = props;
  return (
    <button
      type="button"
      {...rest}
      className={`${styles.button} ${styles[tone]} ${className ?? ''}`}
      aria-disabled={refused ? true : rest.disabled}
      title={refused ?? title}
      onClick={refused ? (event) => event.preventDefault() : onClick}
    />
  );
}
