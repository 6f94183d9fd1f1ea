import type { ReactNode } from 'react';
import { Link, useRoute } from 'wouter';
import { zones } from '../../shared/i18n/zone.ts';
import { CriticalAnnouncer } from '../alerts/CriticalAnnouncer.tsx';
import { useFeed, useServerNow } from '../state/feed-context.tsx';
import { usePreference, usePreferencesStore } from '../state/preferences-context.tsx';
import { useT } from '../state/use-t.ts';
import { Age } from '../ui/Age.tsx';
import { Mark } from './Mark.tsx';
import styles from './Shell.module.css';
import { StateLine } from './StateLine.tsx';
import { LanguageToggle, ThemeToggle } from './Toggles.tsx';
import { UserMenu } from './UserMenu.tsx';

/** The header over every screen but the wall. */
export function Shell(props: { readonly onChangePassword: () => void; readonly children: ReactNode }) {
  const { t } = useT();
  const simulated = useFeed((state) => state.mode === 'simulation');
  const lost = useFeed((state) => state.status === 'lost');
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#content">
        {t('nav.skip')}
      </a>
      <header className={styles.header}>
        <Link href="/" className={styles.home}>
          <Mark />
        </Link>
        <nav className={styles.nav} aria-label={t('nav.label')}>
          <NavLink href="/" label={t('nav.live')} />
          <NavLink href="/parties" label={t('nav.parties')} />
          <NavLink href="/investigate" label={t('nav.investigate')} />
          <NavLink href="/sources" label={t('nav.sources')} />
          <NavLink href="/wall" label={t('nav.wall')} />
        </nav>
        <StateLine />
        <div className={styles.end}>
          {simulated && (
            <span className={styles.simulation} title={t('mode.simulation.hint')}>
              {t('mode.simulation')}
            </span>
          )}
          <HeaderClock />
          <Age className={styles.age} />
          <span className={styles.tools}>
            <LanguageToggle />
            <ThemeToggle />
            <UserMenu onChangePassword={props.onChangePassword} />
          </span>
        </div>
      </header>
      {lost && (
        <p className={styles.lost} role="status">
          {t('panel.lost')}
        </p>
      )}
      <main id="content" className={styles.main} tabIndex={-1}>
        {props.children}
      </main>
      <CriticalAnnouncer />
    </div>
  );
}

function NavLink(props: { readonly href: string; readonly label: string }) {
  const [here] = useRoute(props.href);
  return (
    <Link href={props.href} aria-current={here ? 'page' : undefined}>
      {props.label}
    </Link>
  );
}

function HeaderClock() {
  const { t, formatTime } = useT();
  const store = usePreferencesStore();
  const zone = usePreference('zone');
  const now = useServerNow();
  const next = zones[(zones.indexOf(zone) + 1) % zones.length] ?? 'WIB';
  return (
    <button
      type="button"
      className={styles.clock}
      title={t('zone.change', { zone })}
      onClick={() => store.setState({ zone: next })}
    >
      <span className={styles.zone}>{zone}</span>
      <time>{formatTime(now, zone)}</time>
    </button>
  );
}
