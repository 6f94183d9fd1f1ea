import { useState } from 'react';
import { AlertDetail } from './AlertDetail.tsx';
import styles from './AlertDetail.module.css';

/** One alert as a page of its own, for a link. */
export function AlertPage(props: { readonly id: string }) {
  const [closing, setClosing] = useState(false);
  return (
    <div className={styles.page}>
      <AlertDetail key={props.id} id={props.id} closing={closing} onClosing={setClosing} />
    </div>
  );
}
