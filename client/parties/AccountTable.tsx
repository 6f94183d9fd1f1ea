import { Link } from 'wouter';
import type { PartyAccount, PartyDetail } from '../../shared/api/schemas.ts';
import { investigateValue } from '../state/investigate-link.ts';
import { usePreference } from '../state/preferences-context.tsx';
import { useT } from '../state/use-t.ts';
import { revealHidden, Untrusted } from '../ui/Untrusted.tsx';
import { LastLogin } from './BoardTiles.tsx';
import { OffMark } from './OffMark.tsx';
import styles from './PartyDetails.module.css';

/** Accounts drawn of one party. */
export const maxAccountRows = 200;

const concern = ({ registered, state }: PartyAccount): number =>
  state === 'disabled' ? 3 : registered === false ? 0 : state === 'locked' ? 1 : 2;

/** Who isn't registered first, then who is locked; by name, so that a login moves no row. */
const byConcern = (a: PartyAccount, b: PartyAccount): number =>
  concern(a) - concern(b) || (a.name < b.name ? -1 : 1);

/** The accounts of a party, and those that the register has but nobody heard. */
export function AccountTable(props: { readonly detail: PartyDetail }) {
  const { accounts, reconciliation } = props.detail;
  const { t, formatNumber } = useT();
  const shown = accounts.toSorted(byConcern).slice(0, maxAccountRows);
  // A missing one that was heard, and is disabled, has its row already.
  const heard = new Set(accounts.map(({ name }) => name));
  const unheard = reconciliation.missing.filter((name) => !heard.has(name)).slice(0, maxAccountRows);
  return (
    <section className={styles.section}>
      <h3>
        {t('parties.accounts.title')}
        {shown.length < accounts.length && (
          <small>
            {t('panel.truncated', {
              shown: formatNumber(shown.length),
              total: formatNumber(accounts.length),
            })}
          </small>
        )}
      </h3>
      {shown.length + unheard.length === 0 ? (
        <p className={styles.nothing}>{t('parties.accounts.empty')}</p>
      ) : (
        <div className={styles.wide} tabIndex={0} role="group" aria-label={t('parties.accounts.title')}>
          <table className={styles.accounts}>
            <thead>
              <tr>
                <th>{t('parties.account.name')}</th>
                <th>{t('parties.account.state')}</th>
                <th>{t('parties.account.roles')}</th>
                <th>{t('parties.account.lastLogin')}</th>
                <th className={styles.number}>{t('parties.account.failures')}</th>
                <th className={styles.number}>{t('parties.account.sessions')}</th>
                <th>{t('parties.account.created')}</th>
                <th>{t('parties.account.mfa')}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((account) => (
                <AccountRow key={account.name} account={account} />
              ))}
              {unheard.map((name) => (
                <tr key={`missing ${name}`} className={styles.unheard}>
                  <td>
                    <Untrusted text={name} />
                  </td>
                  <td colSpan={7}>
                    <span className={styles.off}>
                      <OffMark /> {t('parties.account.unheard')}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function AccountRow(props: { readonly account: PartyAccount }) {
  const { account } = props;
  const { t, formatNumber, formatDateTime } = useT();
  const zone = usePreference('zone');
  const day = (at: number): string => formatDateTime(at, zone).slice(0, -9);
  return (
    <tr data-state={account.state}>
      <td>
        <Link
          href={investigateValue('user.name', account.name)}
          title={revealHidden(account.name.slice(0, 200))}
        >
          <Untrusted text={account.name} />
        </Link>
      </td>
      <td>
        <Standing account={account} />
      </td>
      <td>{account.roles === null ? <Nothing /> : <Untrusted text={account.roles} />}</td>
      <td>
        {account.lastLogin === null ? (
          <Nothing text={t('parties.never')} />
        ) : (
          <span className={styles.login}>
            <time title={formatDateTime(account.lastLogin, zone)}>
              <LastLogin at={account.lastLogin} />
            </time>
            {account.lastLoginAddress && (
              <Link href={investigateValue('source.ip', account.lastLoginAddress)}>
                <Untrusted text={account.lastLoginAddress} />
              </Link>
            )}
          </span>
        )}
      </td>
      <td className={`${styles.number} ${account.failuresDay === 0 ? styles.zero : ''}`}>
        {formatNumber(account.failuresHour)} / {formatNumber(account.failuresDay)}
      </td>
      <td className={`${styles.number} ${account.sessions === 0 ? styles.zero : ''}`}>
        {formatNumber(account.sessions)}
      </td>
      <td>{account.createdAt === null ? <Nothing /> : day(account.createdAt)}</td>
      <td>
        {account.mfaEnrolledAt === null ? (
          <span title={t('parties.account.mfa.unheard')}>
            <Nothing />
          </span>
        ) : (
          day(account.mfaEnrolledAt)
        )}
      </td>
    </tr>
  );
}

function Standing(props: { readonly account: PartyAccount }) {
  const { state, registered, shared } = props.account;
  const { t } = useT();
  const plain = state === 'active' || state === 'created';
  const isStranger = registered === false && state !== 'disabled';
  return (
    <span className={styles.states}>
      <span className={plain ? styles.plain : styles.marked}>{t(`parties.account.state.${state}`)}</span>
      {isStranger && (
        <span className={styles.off}>
          <OffMark /> {t('parties.account.stranger')}
        </span>
      )}
      {shared && <span className={styles.plain}>{t('parties.account.shared')}</span>}
    </span>
  );
}

function Nothing(props: { readonly text?: string }) {
  return <span className={styles.zero}>{props.text ?? '—'}</span>;
}
