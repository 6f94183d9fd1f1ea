import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from '../api/query-client.ts';
import { PreferencesProvider } from '../state/preferences-context.tsx';
import { browserStorage, createPreferences } from '../state/preferences.ts';
import { forgetSession } from '../state/session.ts';
import '../ui/tokens.css';
import '../ui/base.css';
import { takeWallToken } from '../wall/wall-token.ts';
import { App } from './App.tsx';

// Before anything else runs: from here on the token is in this variable only.
const wallToken = takeWallToken(location, history);

const queries = createQueryClient(() => forgetSession(queries));
const preferences = createPreferences(browserStorage(), document.documentElement);
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <PreferencesProvider store={preferences}>
        <App wallToken={wallToken} />
      </PreferencesProvider>
    </QueryClientProvider>
  </StrictMode>,
);
