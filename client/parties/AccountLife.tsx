import type { AccountStep, PartyDetail } from '../../shared/api/schemas.ts';
import { accountActions, type AccountAction } from '../../shared/event/fields.ts';
import { usePreference } from '../state/preferences-context.tsx';
import { useT } from '../state/use-t.ts';
import { Untrusted } from '../ui/Untrusted.tsx';
import { lifeSteps } from './life-steps.ts';
import styles from './PartyDetails.module.css';

/** The newest events in the lives of a party's accounts. */
export function AccountLife(props: { readonly detail: PartyDetail }) {
  const { detail } = props;
  const { t, formatNumber } = useT();
  const steps = lifeSteps(detail);
  return (
    <section className={styles.section}>
      <h3>
        {t('parties.life.title')}
        {detail.history.length < detail.historyTotal && (
          <small>
            {t('panel.truncated', {
              shown: formatNumber(detail.history.length),
              total: formatNumber(detail.historyTotal),
            })}
          </small>
        )}
      </h3>
      {steps.length === 0 ? (
        <p className={styles.nothing}>{t('parties.life.empty')}</p>
      ) : (
        <ol className={styles.life}>
          {steps.map((step) => (
            <Step key={`${step.at} ${step.account} ${step.action} ${step.by} ${step.address}`} step={step} />
          ))}
        </ol>
      )}
      {detail.historyCut && <p className={styles.nothing}>{t('parties.life.cut')}</p>}
    </section>
  );
}

const isAction = (action: string): action is AccountAction =>
  accountActions.some((known) => known === action);

/** What nobody should overlook in a history. */
const grave = new Set(['account-locked', 'account-disabled', 'account-created', 'role-changed']);

function Step(props: { readonly step: AccountStep }) {
  const { account, at, action, by, address } = props.step;
  const { t, formatDateTime } = useT();
  const zone = usePreference('zone');
  return (
    <li className={grave.has(action) ? styles.grave : undefined}>
      <time>{formatDateTime(at, zone)}</time>
      <span>
        <b>
          {action === 'first-login'
            ? t('parties.life.firstLogin')
            : isAction(action)
              ? t(`investigate.what.${action}`)
              : action}
        </b>{' '}
        <Untrusted text={account} />
        {by !== null && (
          <span className={styles.plain}>
            {' '}
            {t('parties.life.by')} <Untrusted text={by} />
          </span>
        )}
        {address !== null && (
          <span className={styles.plain}>
            {' · '}
            <Untrusted text={address} />
          </span>
        )}
      </span>
    </li>
  );
}
