import { QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { grantsOfRole } from '../../shared/authority.ts';
import type { Session } from '../../shared/api/schemas.ts';
import { createQueryClient } from '../../client/api/query-client.ts';
import { FeedProvider } from '../../client/state/feed-context.tsx';
import type { LiveFeed } from '../../client/state/live-feed.ts';
import { PreferencesProvider } from '../../client/state/preferences-context.tsx';
import { createPreferences } from '../../client/state/preferences.ts';
import { forgetSession, SessionContext } from '../../client/state/session.ts';

interface Around {
  readonly feed?: LiveFeed;
  readonly role?: Session['user']['role'];
  /** Those of the role unless given. */
  readonly grants?: Session['grants'] | undefined;
}

/** Draws `children` inside all that a screen stands in. */
export function renderScreen(
  children: ReactNode,
  { feed, role = 'analyst', grants = grantsOfRole[role] }: Around = {},
) {
  const queries = createQueryClient(() => forgetSession(queries));
  const preferences = createPreferences(localStorage, document.documentElement);
  const session: Session = {
    user: { name: 'sari', role, agency: 'KPU' },
    grants,
    due: null,
    expiresAt: 0,
  };
  const inside = feed ? <FeedProvider feed={feed}>{children}</FeedProvider> : children;
  const drawn = render(
    <QueryClientProvider client={queries}>
      <PreferencesProvider store={preferences}>
        <SessionContext value={session}>{inside}</SessionContext>
      </PreferencesProvider>
    </QueryClientProvider>,
  );
  return { ...drawn, queries, preferences };
}
