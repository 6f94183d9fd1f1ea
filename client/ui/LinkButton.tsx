import type { AnchorHTMLAttributes } from 'react';
import styles from './Button.module.css';

/** A link that looks like a button: it leaves the page. */
export function LinkButton(
  props: Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'className'> & {
    readonly href: string;
    readonly className?: string | undefined;
  },
) {
  const { className, children, ...rest } = props;
  return (
    <a {...rest} className={`${styles.button} ${className ?? ''}`}>
      {children}
    </a>
  );
}
