import { createStore, type StoreApi } from 'zustand/vanilla';
import { languages, type Language } from '../../shared/i18n/catalogue.ts';
import { defaultZone, isZone, type Zone } from '../../shared/i18n/zone.ts';

/** The themes in the order in which the toggle steps through them. */
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
  readonly zone: Zone;
}

export type PreferencesStore = StoreApi<Preferences>;

/** The part of `localStorage` that preferences need. */
export type PreferenceStorage = Pick<Storage, 'getItem' | 'setItem'>;

const storageKey = 'siaga.preferences';
const defaults: Preferences = { language: 'id', theme: 'system', zone: defaultZone };

/** How a person wants the screens, kept in `storage` when there is one and applied to `root` at once. */
export function createPreferences(storage: PreferenceStorage | null, root: HTMLElement): PreferencesStore {
  const store = createStore<Preferences>(() => read(storage));
  apply(store.getState(), root);
  store.subscribe((preferences) => {
    apply(preferences, root);
    write(storage, preferences);
  });
  return store;
}

/** The browser's storage, `null` where it is refused. */
export function browserStorage(): PreferenceStorage | null {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}

function read(storage: PreferenceStorage | null): Preferences {
  try {
    const stored: unknown = JSON.parse(storage?.getItem(storageKey) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return defaults;
    const { language, theme, zone } = stored as Record<string, unknown>;
    return {
      language: languages.find((known) => known === language) ?? defaults.language,
      theme: themes.find((known) => known === theme) ?? defaults.theme,
      zone: isZone(zone) ? zone : defaults.zone,
    };
  } catch {
    return defaults;
  }
}

function write(storage: PreferenceStorage | null, preferences: Preferences): void {
  try {
    storage?.setItem(storageKey, JSON.stringify(preferences));
  } catch {
    // A full or refused storage costs the memory of a choice, not the choice.
  }
}

function apply({ language, theme }: Preferences, root: HTMLElement): void {
  root.lang = language;
  if (theme === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = theme;
}
