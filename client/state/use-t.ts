import type { Language } from '../../shared/i18n/catalogue.ts';
import { createTranslator, type Translator } from '../../shared/i18n/translate.ts';
import { usePreference } from './preferences-context.tsx';

const translators: Readonly<Record<Language, Translator>> = {
  id: createTranslator('id'),
  en: createTranslator('en'),
};

/** The translator of the person's language: `const { t, formatNumber } = useT()`. */
export function useT(): Translator {
  return translators[usePreference('language')];
}
