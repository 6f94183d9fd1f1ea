import { Fragment } from 'react';
import { Monitor, Moon, Sun } from 'lucide-react';
import { languages } from '../../shared/i18n/catalogue.ts';
import { themes, type Theme } from '../state/preferences.ts';
import { usePreference, usePreferencesStore } from '../state/preferences-context.tsx';
import { useT } from '../state/use-t.ts';
import styles from './Toggles.module.css';

const icons: Readonly<Record<Theme, typeof Sun>> = { system: Monitor, light: Sun, dark: Moon };

/** One click changes the language of everything. */
export function LanguageToggle() {
  const store = usePreferencesStore();
  const { t, language } = useT();
  const other = language === 'id' ? 'en' : 'id';
  return (
    <button
      type="button"
      className={styles.toggle}
      title={t('language.change')}
      aria-label={t('language.change')}
      onClick={() => store.setState({ language: other })}
    >
      {languages.map((code, index) => (
        <Fragment key={code}>
          {index > 0 && ' '}
          <span className={code === language ? styles.on : styles.off}>{code.toUpperCase()}</span>
        </Fragment>
      ))}
    </button>
  );
}

/** System, light, dark, round and round. */
export function ThemeToggle() {
  const store = usePreferencesStore();
  const theme = usePreference('theme');
  const { t } = useT();
  const Icon = icons[theme];
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
  return (
    <button
      type="button"
      className={styles.toggle}
      title={t(`theme.${theme}`)}
      aria-label={t(`theme.${theme}`)}
      onClick={() => store.setState({ theme: next })}
    >
      <Icon size={15} aria-hidden="true" />
    </button>
  );
}
