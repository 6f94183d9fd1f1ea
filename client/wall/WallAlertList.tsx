import { memo, type ReactNode } from 'react';
import { SeverityGlyph } from '../ui/SeverityGlyph.tsx';
import styles from './WallAlertList.module.css';
import type { WallAlerts, WallRow } from './wall-alerts.ts';

/** Open alerts, most urgent first; `children` says why there are none. */
export function WallAlertList(props: { readonly alerts: WallAlerts; readonly children: ReactNode }) {
  const { title, rows, more } = props.alerts;
  return (
    <section className={styles.list}>
      <h2>{title}</h2>
      <ul>
        {rows.map(({ id, severity, title: name, detail, pulse }) => (
          <Row key={id} severity={severity} title={name} detail={detail} pulse={pulse} />
        ))}
      </ul>
      {more && <p className={styles.more}>{more}</p>}
      {rows.length === 0 && props.children}
    </section>
  );
}

const Row = memo(function Row(props: Omit<WallRow, 'id'>) {
  const { severity, title, detail, pulse } = props;
  return (
    <li className={styles.row}>
      {severity ? (
        <SeverityGlyph severity={severity} size="calc(33 * var(--u))" pulse={pulse} />
      ) : (
        <span className={styles.hole} aria-hidden="true">
          ?
        </span>
      )}
      <div>
        <p className={styles.title}>
          <bdi>{title}</bdi>
        </p>
        <p className={styles.detail}>
          <bdi>{detail}</bdi>
        </p>
      </div>
    </li>
  );
});
