import { useMemo } from 'react';
import { Link } from 'wouter';
import { partyTile, type Party } from '../../shared/party.ts';
import { useFeed } from '../state/feed-context.tsx';
import { investigateValue } from '../state/investigate-link.ts';
import { partyThresholds, partyTone, worstAlertOf } from '../state/party-tone.ts';
import { useT } from '../state/use-t.ts';
import { LivePanel } from '../ui/Panel.tsx';
import { Untrusted } from '../ui/Untrusted.tsx';
import styles from './PartyTiles.module.css';

const none: readonly never[] = [];

/** The register as tiles: filled by alert or failures, dashed when not heard. */
export function PartyTiles(props: { readonly className?: string | undefined }) {
  const { t } = useT();
  const parties = useFeed((state) => state.parties);
  const unknown = useFeed((state) => state.frame?.accounts.unknown ?? none);
  const national = useMemo(() => parties.filter(({ kind }) => kind === 'national'), [parties]);
  const aceh = useMemo(() => parties.filter(({ kind }) => kind === 'aceh'), [parties]);
  return (
    <LivePanel
      title={`${t('live.parties.title')} ${national.length} + ${aceh.length}`}
      state={parties.length === 0 ? { kind: 'empty', text: t('live.parties.empty') } : { kind: 'ready' }}
      aside={<Link href="/parties">{t('parties.live.board')}</Link>}
      className={props.className}
      bodyClassName={styles.body}
    >
      <TileGroup label={t('live.parties.national')} parties={national} />
      <TileGroup label={t('live.parties.aceh')} parties={aceh} />
      {unknown.length > 0 && (
        <p className={styles.unknown}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M12 2 23 22H1z" />
          </svg>
          {t('live.parties.unknown')}:{' '}
          {unknown.map((id) => (
            <Link key={id} href={investigateValue('organization.id', id)}>
              <Untrusted text={id} />
            </Link>
          ))}
        </p>
      )}
      <p className={styles.legend}>{t('live.parties.legend', partyThresholds)}</p>
    </LivePanel>
  );
}

function TileGroup(props: { readonly label: string; readonly parties: readonly Party[] }) {
  if (props.parties.length === 0) return null;
  return (
    <section>
      <h3 className={styles.label}>{props.label}</h3>
      <ul className={styles.tiles}>
        {props.parties.map((party) => (
          <Tile key={party.id} party={party} />
        ))}
      </ul>
    </section>
  );
}

/** Each tile listens to its own numbers, so that a frame draws only the few that changed. */
function Tile(props: { readonly party: Party }) {
  const { party } = props;
  const { t, formatNumber } = useT();
  const failures = useFeed(({ frame }) =>
    frame && Object.hasOwn(frame.partyFailures, party.id) ? (frame.partyFailures[party.id] ?? 0) : 0,
  );
  const absent = useFeed(({ frame }) => frame?.accounts.absent.includes(party.id) ?? false);
  const alert = useFeed(({ alerts }) => worstAlertOf(alerts, party.id));
  const tone = partyTone(failures, alert);
  const facts = { name: party.name, count: formatNumber(failures) };
  const title = absent
    ? t('live.parties.tile.absent', facts)
    : alert
      ? t('live.parties.tile.alert', { ...facts, severity: t(`severity.${alert}`) })
      : t('live.parties.tile', facts);
  const look = [
    styles.tile,
    tone && styles[tone],
    absent && styles.absent,
    party.kind === 'aceh' && styles.aceh,
  ];
  return (
    <li>
      <Link
        href={investigateValue('organization.id', party.id)}
        className={look.filter(Boolean).join(' ')}
        title={title}
        aria-label={title}
      >
        {partyTile(party)}
      </Link>
    </li>
  );
}
