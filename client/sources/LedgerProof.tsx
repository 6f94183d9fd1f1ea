import type { ReactNode } from 'react';
import type { Ledger } from '../../shared/api/ledger.ts';
import type { Zone } from '../../shared/i18n/zone.ts';
import { isoMinute } from '../investigate/range.ts';
import { useT } from '../state/use-t.ts';
import { totalOf } from './source-rows.ts';
import styles from './LedgerProof.module.css';

/** Whether ledger and event store agree, and the sum in figures with which anyone can check it. */
export function LedgerProof(props: { readonly ledger: Ledger; readonly zone: Zone }) {
  const { ledger, zone } = props;
  const { t, formatNumber } = useT();
  const { received, stored, rejected, pending, inStore } = totalOf(ledger.sources);
  const { balanced, differences } = ledger;
  return (
    <div className={styles.proof} role="status">
      <strong className={`${styles.verdict} ${balanced ? '' : styles.off}`}>
        <span aria-hidden="true">{balanced ? '✓ ' : '▲ '}</span>
        {t(balanced ? 'sources.proof.ok' : 'sources.proof.off')}
      </strong>
      <p className={styles.sum}>
        <Term name={t('sources.proof.received')} value={formatNumber(received)} />
        <Sign isEqual={received === stored + rejected + pending} />
        <Term name={t('sources.proof.stored')} value={formatNumber(stored)} />
        <i>+</i>
        <Term name={t('sources.proof.rejected')} value={formatNumber(rejected)} />
        <i>+</i>
        <Term name={t('sources.proof.pending')} value={formatNumber(pending)} />
      </p>
      <p className={styles.sum}>
        <Term name={t('sources.proof.stored')} value={formatNumber(stored)} />
        <Sign isEqual={stored === inStore} />
        <Term name={t('sources.proof.inStore')} value={formatNumber(inStore)} />
      </p>
      {differences.length > 0 && (
        <strong className={styles.bad}>
          {t('sources.proof.differs', { count: formatNumber(differences.length) })}
        </strong>
      )}
      <p className={styles.when}>
        <span>
          {t('sources.proof.range', {
            from: isoMinute(ledger.from, zone),
            to: isoMinute(ledger.to, zone),
            zone,
          })}
        </span>
        <span>{t('sources.proof.since', { time: isoMinute(ledger.since, zone), zone })}</span>
        {ledger.from < ledger.since && <span>{t('sources.proof.partial')}</span>}
      </p>
    </div>
  );
}

function Term(props: { readonly name: string; readonly value: ReactNode }) {
  return (
    <span className={styles.term}>
      {props.name} <b>{props.value}</b>
    </span>
  );
}

function Sign(props: { readonly isEqual: boolean }) {
  return <i className={props.isEqual ? undefined : styles.bad}>{props.isEqual ? '=' : '≠'}</i>;
}
