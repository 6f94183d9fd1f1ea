import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { Link, Redirect, Route, Switch, useRoute } from 'wouter';
import type { FactorJob } from '../account/FactorCard.tsx';
import { errorText } from '../api/error-text.ts';
import { AlertPage } from '../alerts/AlertPage.tsx';
import { LivePage } from '../live/LivePage.tsx';
import { FeedProvider, useOwnFeed } from '../state/feed-context.tsx';
import { createLiveFeed } from '../state/live-feed.ts';
import { partyAddress } from '../state/party-link.ts';
import { SessionContext, sessionKey, useSession } from '../state/session.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import styles from './App.module.css';
import { ChangePassword } from './ChangePassword.tsx';
import { Crash } from './Crash.tsx';
import { Shell } from './Shell.tsx';
import { SignIn } from './SignIn.tsx';
import { wasWall } from '../wall/use-wall-session.ts';
import { WallScreen } from '../wall/WallScreen.tsx';

const WallPage = lazy(() => import('../wall/WallPage.tsx'));
const PartiesPage = lazy(() => import('../parties/PartiesPage.tsx'));
const WallsPage = lazy(() => import('../walls/WallsPage.tsx'));
const InvestigatePage = lazy(() => import('../investigate/InvestigatePage.tsx'));
const AuditPage = lazy(() => import('../audit/AuditPage.tsx'));
const SourcesPage = lazy(() => import('../sources/SourcesPage.tsx'));
const AccountPage = lazy(() => import('../account/AccountPage.tsx'));
const UsersPage = lazy(() => import('../users/UsersPage.tsx'));
const FactorCard = lazy(async () => ({ default: (await import('../account/FactorCard.tsx')).FactorCard }));

/** What takes the place of the screens, since it renews the session that their feed stands on. */
type Card = 'password' | FactorJob;

/** Sign-in first, then the screens on one live feed; with the token of a wall's address nothing but that wall. */
export function App(props: { readonly wallToken?: string | null }) {
  const { wallToken = null } = props;
  const [onWall] = useRoute('/wall');
  if (wallToken === null && !(onWall && wasWall())) return <SignedIn />;
  return (
    <WallScreen token={wallToken}>
      <SignedIn />
    </WallScreen>
  );
}

function SignedIn() {
  const [onWall] = useRoute('/wall');
  const session = useSession();
  const { t } = useT();
  const [card, setCard] = useState<Card | null>(null);
  const close = (): void => setCard(null);

  if (session.status === 'checking') return null;
  if (session.status === 'unreachable') {
    return (
      <main className={styles.message} role="alert">
        <p>{errorText(session.error, t)}</p>
        <Button onClick={session.retry}>{t('error.retry')}</Button>
      </main>
    );
  }
  if (session.status === 'signed-out') {
    return onWall ? (
      <WallScreen token={null}>
        <SignIn />
      </WallScreen>
    ) : (
      <SignIn />
    );
  }
  if (session.session.due === 'password') return <ChangePassword forced />;
  if (session.session.due === 'second-factor') {
    return (
      <Suspense>
        <FactorCard job="enrol" forced onDone={close} />
      </Suspense>
    );
  }
  return (
    <SessionContext value={session.session}>
      {card === null ? (
        <Screens onCard={setCard} />
      ) : card === 'password' ? (
        <ChangePassword onDone={close} />
      ) : (
        <Suspense>
          <FactorCard job={card} onDone={close} />
        </Suspense>
      )}
    </SessionContext>
  );
}

function Screens(props: { readonly onCard: (card: Card) => void }) {
  const { onCard } = props;
  const changePassword = (): void => onCard('password');
  const queries = useQueryClient();
  const feed = useOwnFeed(() =>
    createLiveFeed({ onDoubt: () => void queries.invalidateQueries({ queryKey: sessionKey }) }),
  );
  const [onWall] = useRoute('/wall');
  return (
    <FeedProvider feed={feed}>
      {onWall ? (
        <Crash>
          <Suspense>
            <WallPage />
          </Suspense>
        </Crash>
      ) : (
        <Shell onChangePassword={changePassword}>
          <Crash>
            <Suspense>
              <Switch>
                <Route path="/">
                  <LivePage />
                </Route>
                <Route path="/investigate">
                  <InvestigatePage />
                </Route>
                <Route path="/parties">
                  <PartiesPage />
                </Route>
                <Route path="/parties/:id">{({ id }) => <Redirect to={partyAddress(id)} replace />}</Route>
                <Route path="/sources">
                  <SourcesPage />
                </Route>
                <Route path="/account">
                  <AccountPage onChangePassword={changePassword} onFactor={onCard} />
                </Route>
                <Route path="/users">
                  <UsersPage />
                </Route>
                <Route path="/audit">
                  <AuditPage />
                </Route>
                <Route path="/walls">
                  <WallsPage />
                </Route>
                <Route path="/alerts/:id">{({ id }) => <AlertPage id={id} />}</Route>
                <Route>
                  <NotFound />
                </Route>
              </Switch>
            </Suspense>
          </Crash>
        </Shell>
      )}
    </FeedProvider>
  );
}

function NotFound() {
  const { t } = useT();
  return (
    <div className={styles.message}>
      <p>{t('route.notFound')}</p>
      <Link href="/">{t('route.home')}</Link>
    </div>
  );
}
