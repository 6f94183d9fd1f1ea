import type { ReactNode } from 'react';
import type { Ledger } from '../../shared/api/ledger.ts';
import type { Zone } from '../../shared/i18n/zone.ts';
import { isoMinute } from '../investigate/range.ts';
import { useT } from '../state/use-t.ts';
import { isKept, totalOf } from './source-rows.ts';
import styles from './LedgerProof.module.css';

/** Whether ledger and event store agree, and the sum in figures with which anyone can check it. */
export function LedgerProof(props: { readonly ledger: Ledger }) {
  const { ledger } = props;
  const { t, formatNumber } = useT();
  const { received, stored, rejected, pending, inStore } = totalOf(ledger.sources);
  const { balanced, differences } = ledger;
  return (
    <div className={styles.proof} role="status">
      <Verdict isKept={isKept(ledger)} balanced={balanced} />
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
    </div>
  );
}

/** Of which minutes the proof is, and since when there are books. */
export function ProofRange(props: { readonly ledger: Ledger; readonly zone: Zone }) {
  const { ledger, zone } = props;
  const { t } = useT();
  const minute = (at: number): string => isoMinute(at, zone).slice(0, 16);
  const from = minute(ledger.from);
  const to = minute(ledger.to);
  const shown = from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to;
  return (
    <>
      {ledger.from < ledger.since && <span className={styles.partial}>{t('sources.proof.partial')}</span>}
      <span>{t('sources.proof.since', { time: minute(ledger.since), zone })}</span>
      <span className={styles.range}>{t('sources.proof.range', { from, to: shown, zone })}</span>
    </>
  );
}

function Verdict(props: { readonly isKept: boolean; readonly balanced: boolean }) {
  const { t } = useT();
  if (!props.isKept) return <strong className={styles.verdict}>{t('sources.proof.none')}</strong>;
  const { balanced } = props;
  return (
    <strong className={`${styles.verdict} ${balanced ? '' : styles.off}`}>
      <span aria-hidden="true">{balanced ? '✓ ' : '▲ '}</span>
      {t(balanced ? 'sources.proof.ok' : 'sources.proof.off')}
    </strong>
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
