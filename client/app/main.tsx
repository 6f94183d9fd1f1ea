import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from '../api/query-client.ts';
import { PreferencesProvider } from '../state/preferences-context.tsx';
import { browserStorage, createPreferences } from '../state/preferences.ts';
import { forgetSession } from '../state/session.ts';
import '../ui/tokens.css';
import '../ui/base.css';
import { App } from './App.tsx';

const queries = createQueryClient(() => forgetSession(queries));
const preferences = createPreferences(browserStorage(), document.documentElement);
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <PreferencesProvider store={preferences}>
        <App />
      </PreferencesProvider>
    </QueryClientProvider>
  </StrictMode>,
);
