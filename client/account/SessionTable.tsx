import type { SessionEntry } from '../../shared/api/sessions.ts';
import { usePreference } from '../state/preferences-context.tsx';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { revealHidden, Untrusted } from '../ui/Untrusted.tsx';
import styles from './Account.module.css';

/** Sessions with a way to end each; the one that asks is ended by signing out. */
export function SessionTable(props: {
  readonly sessions: readonly SessionEntry[];
  readonly onEnd: (id: string) => void;
}) {
  const { sessions, onEnd } = props;
  const { t, formatDateTime } = useT();
  const zone = usePreference('zone');
  if (sessions.length === 0) return <p className={styles.hint}>{t('sessions.none')}</p>;
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('sessions.address')}</th>
            <th scope="col">{t('sessions.browser')}</th>
            <th scope="col">{t('sessions.factor')}</th>
            <th scope="col">
              {t('sessions.started')} ({zone})
            </th>
            <th scope="col">{t('sessions.used')}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {sessions.map(({ id, address, userAgent, factor, createdAt, lastUsedAt, current }) => (
            <tr key={id}>
              <td>
                <Untrusted text={address} />
              </td>
              <td className={styles.browser} title={revealHidden(userAgent)}>
                <Untrusted text={userAgent} />
              </td>
              <td>{t(`sessions.factor.${factor || 'unknown'}`)}</td>
              <td>{formatDateTime(createdAt, zone)}</td>
              <td>{formatDateTime(lastUsedAt, zone)}</td>
              <td className={styles.act}>
                {current ? (
                  <strong>{t('sessions.current')}</strong>
                ) : (
                  <Button
                    aria-label={t('sessions.end.label', {
                      address,
                      started: formatDateTime(createdAt, zone),
                    })}
                    onClick={() => onEnd(id)}
                  >
                    {t('sessions.end')}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
