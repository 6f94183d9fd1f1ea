import { useEffect, useMemo, useRef } from 'react';
import { createStore } from 'zustand/vanilla';
import { usePreference, usePreferencesStore } from '../state/preferences-context.tsx';
import type { Preferences, PreferencesStore } from '../state/preferences.ts';
import type { Investigation } from './use-investigation.ts';

/** The preferences with the zone that the address asks for; who then picks a zone by hand gets that one. */
export function useZonePreference(investigation: Investigation): PreferencesStore {
  const outer = usePreferencesStore();
  const preferred = usePreference('zone');
  const { zone } = investigation.state;
  const { change } = investigation;
  const before = useRef(preferred);
  useEffect(() => {
    if (before.current === preferred) return;
    before.current = preferred;
    if (zone !== null) change({ zone: null });
  }, [preferred, zone, change]);

  const inner = useMemo(
    () => (zone === null ? null : createStore<Preferences>(() => ({ ...outer.getState(), zone }))),
    [outer, zone],
  );
  useEffect(() => {
    if (!inner) return undefined;
    return outer.subscribe(({ language, theme }) => inner.setState({ language, theme }));
  }, [outer, inner]);
  return inner ?? outer;
}
