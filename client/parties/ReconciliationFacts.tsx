import type { PartyDetail } from '../../shared/api/schemas.ts';
import { useT } from '../state/use-t.ts';
import { Untrusted } from '../ui/Untrusted.tsx';
import { OffMark } from './OffMark.tsx';
import styles from './PartyDetails.module.css';

/** Names listed of each kind. */
const maxNames = 50;

/** The register against what was heard, in words. */
export function ReconciliationFacts(props: { readonly detail: PartyDetail }) {
  const { reconciliation, party, accounts } = props.detail;
  const { verdict, registered, known, missing, unknown } = reconciliation;
  const { t, formatNumber } = useT();
  const isNamed = accounts.some((account) => account.registered !== null);
  const count = formatNumber(registered ?? 0);
  const sentence = {
    undeclared: t('parties.reconcile.undeclared'),
    matches: t(isNamed ? 'parties.reconcile.matches' : 'parties.reconcile.matches.count', { count }),
    differs: t('parties.reconcile.differs', { known: formatNumber(known), registered: count }),
  }[verdict];
  const off = verdict === 'differs' || party === null;
  return (
    <section className={styles.section}>
      <h3>
        {t('parties.reconcile.title')}
        <span className={off ? styles.off : styles.plain}>
          {off && <OffMark />} {party === null ? t('parties.strangers') : t(`parties.verdict.${verdict}`)}
        </span>
      </h3>
      <div className={styles.facts}>
        <p>{party === null ? t('parties.detail.stranger') : sentence}</p>
        <Names label={t('parties.reconcile.missing')} names={missing} />
        <Names label={t('parties.reconcile.unknown')} names={unknown} />
        {accounts.some(({ state }) => state === 'disabled') && (
          <p className={styles.plain}>{t('parties.reconcile.disabled')}</p>
        )}
      </div>
    </section>
  );
}

function Names(props: { readonly label: string; readonly names: readonly string[] }) {
  const { label, names } = props;
  const { formatNumber } = useT();
  if (names.length === 0) return null;
  const rest = names.length - maxNames;
  return (
    <dl className={styles.names}>
      <dt>
        {label} ({formatNumber(names.length)})
      </dt>
      {names.slice(0, maxNames).map((name) => (
        <dd key={name}>
          <Untrusted text={name} />
        </dd>
      ))}
      {rest > 0 && <dd>+{formatNumber(rest)}</dd>}
    </dl>
  );
}
