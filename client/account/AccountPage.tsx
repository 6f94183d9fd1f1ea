import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { FactorState } from '../../shared/api/sessions.ts';
import { errorText } from '../api/error-text.ts';
import { usePreference } from '../state/preferences-context.tsx';
import { useUser } from '../state/session.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { Page } from '../ui/Page.tsx';
import { Panel, type PanelState } from '../ui/Panel.tsx';
import { Untrusted } from '../ui/Untrusted.tsx';
import styles from './Account.module.css';
import type { FactorJob } from './FactorCard.tsx';
import { factorQuery } from './factor-query.ts';
import { OwnSessions } from './OwnSessions.tsx';
import { OwnTokens } from './OwnTokens.tsx';

/** Fewer recovery codes than this are said to be few. */
const fewCodes = 3;

/** What a user does with the own account: password, second factor, sessions. */
export default function AccountPage(props: {
  readonly onChangePassword: () => void;
  readonly onFactor: (job: FactorJob) => void;
}) {
  const { t } = useT();
  const user = useUser();
  useEffect(() => {
    document.title = `${t('account.title')} · Siaga`;
  }, [t]);
  return (
    <Page
      title={
        <>
          <Untrusted text={user.name} />{' '}
          <small>{t('account.who', { role: t(`role.${user.role}`), agency: user.agency })}</small>
        </>
      }
    >
      <div className={styles.pair}>
        <Panel title={t('account.password')} bodyClassName={styles.body}>
          <p>{t('account.password.hint')}</p>
          <div className={styles.buttons}>
            <Button onClick={props.onChangePassword}>{t('user.changePassword')}</Button>
          </div>
        </Panel>
        <FactorPanel onFactor={props.onFactor} />
      </div>
      <OwnSessions />
      <OwnTokens />
    </Page>
  );
}

function FactorPanel(props: { readonly onFactor: (job: FactorJob) => void }) {
  const { onFactor } = props;
  const { t } = useT();
  const query = useQuery(factorQuery);
  const factor = query.data;
  const state: PanelState = query.error
    ? { kind: 'error', text: errorText(query.error, t), retry: () => void query.refetch() }
    : { kind: factor ? 'ready' : 'loading' };
  return (
    <Panel title={t('factor.title')} state={state} bodyClassName={styles.body}>
      {factor && <FactorFacts factor={factor} />}
      {factor && (
        <div className={styles.buttons}>
          {jobsOf(factor).map((job) => (
            <Button key={job} onClick={() => onFactor(job)}>
              {t(job === 'enrol' && factor.enrolled ? 'factor.replace' : `factor.${job}`)}
            </Button>
          ))}
        </div>
      )}
    </Panel>
  );
}

function jobsOf({ enrolled, required }: FactorState): readonly FactorJob[] {
  if (!enrolled) return ['enrol'];
  return required ? ['enrol', 'renew'] : ['enrol', 'renew', 'remove'];
}

function FactorFacts(props: { readonly factor: FactorState }) {
  const { enrolled, since, recoveryCodesLeft, required } = props.factor;
  const { t, formatDateTime, formatNumber } = useT();
  const zone = usePreference('zone');
  const facts = { since: formatDateTime(since ?? 0, zone), left: formatNumber(recoveryCodesLeft) };
  return (
    <>
      <p>{enrolled ? t('factor.enrolled', facts) : t('factor.none')}</p>
      {enrolled && recoveryCodesLeft < fewCodes && <p className={styles.warning}>{t('factor.few')}</p>}
      {required && <p>{t('factor.required')}</p>}
    </>
  );
}
