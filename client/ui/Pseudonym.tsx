import { KeyRound } from 'lucide-react';
import { isPseudonym, withheldText } from '../../shared/event/personal-fields.ts';
import { useMay } from '../state/session.ts';
import { useT } from '../state/use-t.ts';
import styles from './Pseudonym.module.css';

/** Whether the text stands in the place of something that isn't shown to everybody. */
export const isStandIn = (text: string): boolean => text === withheldText || isPseudonym(text);

/** A pseudonym with the sign that says so, or a word for what is withheld; for those who see all it is a text like others. */
export function Pseudonym({ text }: { readonly text: string }) {
  const { t } = useT();
  if (useMay('personal:read')) return text;
  if (text === withheldText) {
    return (
      <span className={styles.withheld} title={t('personal.withheld.why')}>
        {t('personal.withheld')}
      </span>
    );
  }
  return (
    <span className={styles.pseudonym} title={t('personal.pseudonym')}>
      <KeyRound className={styles.sign} size="0.85em" aria-hidden="true" />
      {text}
    </span>
  );
}
