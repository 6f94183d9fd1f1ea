import { expect, test } from 'vitest';
import { createPreferences, type PreferenceStorage } from '../../../client/state/preferences.ts';

const root = (): HTMLElement => document.createElement('html');

test('begin in Indonesian, the theme of the system, and WIB', () => {
  const element = root();
  expect(createPreferences(localStorage, element).getState()).toEqual({
    language: 'id',
    theme: 'system',
    zone: 'WIB',
  });
  expect(element.lang).toBe('id');
  expect(element.dataset['theme']).toBeUndefined();
});

test('are applied at once and kept for the next time', () => {
  const element = root();
  createPreferences(localStorage, element).setState({ language: 'en', theme: 'dark', zone: 'UTC' });
  expect(element.lang).toBe('en');
  expect(element.dataset['theme']).toBe('dark');
  expect(createPreferences(localStorage, root()).getState()).toEqual({
    language: 'en',
    theme: 'dark',
    zone: 'UTC',
  });
});

test.each(['{', '7', 'null', '{"language":"xx","theme":1,"zone":"__proto__"}'])(
  'fall back to what is known when the storage holds %s',
  (stored) => {
    localStorage.setItem('siaga.preferences', stored);
    expect(createPreferences(localStorage, root()).getState()).toEqual({
      language: 'id',
      theme: 'system',
      zone: 'WIB',
    });
  },
);

test('work where storage is refused', () => {
  const refusing: PreferenceStorage = {
    getItem: () => {
      throw new Error('refused');
    },
    setItem: () => {
      throw new Error('refused');
    },
  };
  const store = createPreferences(refusing, root());
  store.setState({ language: 'en' });
  expect(store.getState().language).toBe('en');
  expect(createPreferences(null, root()).getState().language).toBe('id');
});
