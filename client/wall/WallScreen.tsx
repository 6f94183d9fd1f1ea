import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useCallback, useEffect, useState, type ReactNode } from 'react';
import type { WallSession } from '../../shared/api/tokens.ts';
import { FeedProvider, useFeed, useOwnFeed } from '../state/feed-context.tsx';
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
  return <CurrentWall session={state.session} onDoubt={recheck} />;
}

/** Long enough to hear first how the wall is set now, and that a server which ends it at once isn't asked without end. */
export const comeBackAfterMs = 500;

/** The wall as it is set; what it was told before goes when it is set otherwise, or when the server ended its connection. */
function CurrentWall(props: { readonly session: WallSession; readonly onDoubt: () => void }) {
  const { settings } = props.session;
  const [times, setTimes] = useState(0);
  const again = useCallback(() => setTimes((before) => before + 1), []);
  const key = `${JSON.stringify(settings)} ${times}`;
  return <RunningWall key={key} {...props} onEnded={again} />;
}

function RunningWall(props: {
  readonly session: WallSession;
  readonly onDoubt: () => void;
  readonly onEnded: () => void;
}) {
  const { session, onDoubt, onEnded } = props;
  const queries = useQueryClient();
  useEffect(() => () => queries.removeQueries({ queryKey: ['wall-closed'] }), [queries]);
  const feed = useOwnFeed(() => createLiveFeed({ onDoubt }));
  return (
    <WallSettingsContext value={session.settings}>
      <FeedProvider feed={feed}>
        <ComeBack onEnded={onEnded} />
        <Suspense>
          <WallPage />
        </Suspense>
      </FeedProvider>
    </WallSettingsContext>
  );
}

/** A wall that isn't over but was cut off begins anew: it may be set otherwise. */
function ComeBack({ onEnded }: { readonly onEnded: () => void }) {
  const isCut = useFeed(({ status }) => status === 'signed-out');
  useEffect(() => {
    if (!isCut) return undefined;
    const timer = setTimeout(onEnded, comeBackAfterMs);
    return () => clearTimeout(timer);
  }, [isCut, onEnded]);
  return null;
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
