import { AlertDetail } from './AlertDetail.tsx';
import styles from './AlertDetail.module.css';

/** One alert as a page of its own, for a link. */
export function AlertPage(props: { readonly id: string }) {
  return (
    <div className={styles.page}>
      <AlertDetail id={props.id} />
    </div>
  );
}
