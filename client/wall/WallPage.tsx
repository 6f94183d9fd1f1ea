import { useContext, useEffect, useState } from 'react';
import { Link } from 'wouter';
import { createStore } from 'zustand/vanilla';
import { useFeed } from '../state/feed-context.tsx';
import { PreferencesProvider, usePreferencesStore } from '../state/preferences-context.tsx';
import type { Preferences } from '../state/preferences.ts';
import { useT } from '../state/use-t.ts';
import { useSelfRepair } from './use-self-repair.ts';
import { usePlacement, useWallMode, useWayOut } from './use-wall-mode.ts';
import { useWallEnlargement, WallSettingsContext } from './wall-detail.ts';
import { WallCanvas } from './WallCanvas.tsx';
import styles from './WallPage.module.css';
import { WallRecovery } from './WallRecovery.tsx';
import { readWallSettings, wallHeight, wallWidth } from './wall-settings.ts';

/** The wall display: no navigation, no scrolling; one screen in the size of whatever it is shown on. */
export default function WallPage() {
  const outer = usePreferencesStore();
  const [settings] = useState(() => readWallSettings(location.search));
  // The address decides for this screen only: what a person chose elsewhere is left alone.
  const [inner] = useState(() =>
    createStore<Preferences>(() => ({
      ...outer.getState(),
      theme: settings.theme,
      ...(settings.lang ? { language: settings.lang } : {}),
    })),
  );
  useWallMode(settings.theme, inner.getState().language);
  return (
    <PreferencesProvider store={inner}>
      <WallRecovery>
        <Stage />
      </WallRecovery>
    </PreferencesProvider>
  );
}

function Stage() {
  const { t } = useT();
  const enlargement = useWallEnlargement();
  const { scale, x, y } = usePlacement(enlargement);
  const isScreen = useContext(WallSettingsContext) !== null;
  const moved = useWayOut(!isScreen);
  const simulated = useFeed(({ mode }) => mode === 'simulation');
  useSelfRepair();
  useEffect(() => {
    document.title = `${t('wall.title')} · Siaga`;
  }, [t]);
  return (
    <main className={styles.screen} data-pointer={moved ? '' : undefined}>
      <div
        className={styles.stage}
        style={{
          width: wallWidth / enlargement,
          height: wallHeight / enlargement,
          transform: `translate(${x}px, ${y}px) scale(${scale})`,
        }}
      >
        {simulated && <div className={styles.simulated} aria-hidden="true" />}
        <WallCanvas simulated={simulated} />
      </div>
      {!isScreen && (
        <Link className={styles.exit} href="/">
          {t('wall.exit')}
        </Link>
      )}
    </main>
  );
}
