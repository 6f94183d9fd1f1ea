import { Link } from 'wouter';
import type { Alert } from '../../shared/alert.ts';
import { maxListedParties } from '../../shared/party-list.ts';
import { partyTile, type Party } from '../../shared/party.ts';
import { useFeed } from '../state/feed-context.tsx';
import { useT } from '../state/use-t.ts';
import { revealHidden, Untrusted } from '../ui/Untrusted.tsx';
import { investigateAlert } from './alert-link.ts';
import styles from './AlertDetail.module.css';

/** Which parties the alert touches, each with a link to its events: one by its name, more as tiles. */
export function AlertImpact(props: { readonly alert: Alert }) {
  const { alert } = props;
  const { t } = useT();
  const register = useFeed((state) => state.parties);
  const [first] = alert.parties;
  if (first === undefined) return <span className={styles.muted}>{t('alert.impact.none')}</span>;
  if (alert.parties.length === 1) {
    return <SingleParty alert={alert} id={first} party={register.find(({ id }) => id === first)} />;
  }
  return (
    <ul className={styles.parties}>
      {alert.parties.map((id) => {
        const party = register.find((known) => known.id === id);
        return (
          <li key={id}>
            <Link href={investigateAlert(alert, id)} title={party?.name ?? t('live.parties.unknown')}>
              {party ? partyTile(party) : <>?? {revealHidden(id)}</>}
            </Link>
          </li>
        );
      })}
      {alert.parties.length >= maxListedParties && <li className={styles.muted}>{t('alert.impact.more')}</li>}
    </ul>
  );
}

function SingleParty(props: {
  readonly alert: Alert;
  readonly id: string;
  readonly party: Party | undefined;
}) {
  const { alert, id, party } = props;
  const { t } = useT();
  return (
    <>
      <Link href={investigateAlert(alert, id)}>
        {party ? t('alert.impact.party', { party: partyTile(party) }) : <Untrusted text={id} />}
      </Link>
      <span className={styles.party}>
        {party ? <Untrusted text={party.name} /> : t('live.parties.unknown')}
      </span>
    </>
  );
}
