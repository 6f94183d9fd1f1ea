import { lazy, Suspense, useEffect, type ReactNode } from 'react';
import type { WallSession } from '../../shared/api/tokens.ts';
import { FeedProvider, useOwnFeed } from '../state/feed-context.tsx';
import { createLiveFeed } from '../state/live-feed.ts';
import { useT } from '../state/use-t.ts';
import { useWallSession } from './use-wall-session.ts';
import { WallSettingsContext } from './wall-detail.ts';
import styles from './WallScreen.module.css';

const WallPage = lazy(() => import('./WallPage.tsx'));

/** The wall of a screen that no user is signed in at; `children` where this browser is no wall. */
export function WallScreen(props: { readonly token: string | null; readonly children?: ReactNode }) {
  const { state, recheck } = useWallSession(props.token);
  const { t } = useT();
  if (state.status === 'none') return props.children;
  if (state.status === 'checking') return <Neutral text={t('wall.connecting')} />;
  if (state.status === 'over') return <Neutral text={t(`walls.over.${state.why}`)} />;
  return <RunningWall session={state.session} onDoubt={recheck} />;
}

function RunningWall(props: { readonly session: WallSession; readonly onDoubt: () => void }) {
  const { session, onDoubt } = props;
  const feed = useOwnFeed(() => createLiveFeed({ onDoubt }));
  return (
    <WallSettingsContext value={session.settings}>
      <FeedProvider feed={feed}>
        <Suspense>
          <WallPage />
        </Suspense>
      </FeedProvider>
    </WallSettingsContext>
  );
}

/** What a wall shows that may show nothing. */
function Neutral(props: { readonly text: string }) {
  useEffect(() => {
    document.title = 'Siaga';
  }, []);
  return (
    <main className={styles.neutral}>
      <p>{props.text}</p>
    </main>
  );
}
