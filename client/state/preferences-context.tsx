import { createContext, useContext, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { Preferences, PreferencesStore } from './preferences.ts';

const PreferencesContext = createContext<PreferencesStore | null>(null);

/** Gives the preferences to all below. */
export function PreferencesProvider(props: {
  readonly store: PreferencesStore;
  readonly children: ReactNode;
}) {
  return <PreferencesContext value={props.store}>{props.children}</PreferencesContext>;
}

/** The store itself, to change a preference. */
export function usePreferencesStore(): PreferencesStore {
  const store = useContext(PreferencesContext);
  if (!store) throw new Error('usePreferences needs a PreferencesProvider above');
  return store;
}

/** One preference; renders again when it changes. */
export function usePreference<K extends keyof Preferences>(key: K): Preferences[K] {
  return useStore(usePreferencesStore(), (preferences) => preferences[key]);
}
