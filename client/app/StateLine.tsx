import { useEffect } from 'react';
import type { StateFacts, StateWord } from '../../shared/live/state-word.ts';
import type { Translator } from '../../shared/i18n/translate.ts';
import { useFeed } from '../state/feed-context.tsx';
import { useStateWords } from '../state/use-state-words.ts';
import { useT } from '../state/use-t.ts';
import { StateBadge } from '../ui/StateBadge.tsx';
import styles from './Shell.module.css';

/** Why a word holds, in a short sentence. */
export function reasonOf(word: StateWord, facts: StateFacts, t: Translator['t']): string {
  if (word === 'incident') return t('state.why.incident', { count: facts.openCritical });
  if (word === 'cannot-tell') return t('state.why.cannot-tell', { count: facts.holes.length });
  if (word === 'stopped') return t('state.why.stopped');
  if (word === 'normal') return t('state.why.normal');
  return facts.openHigh > 0
    ? t('state.why.elevated.alerts', { count: facts.openHigh })
    : t('state.why.elevated.usual');
}

/** The state word, why, and the second word when two hold; also in the page's title. */
export function StateLine() {
  const { t } = useT();
  const connecting = useFeed((state) => state.status === 'connecting' && state.frame === null);
  const { words, facts } = useStateWords();
  const [first = 'normal', second] = words;
  const word = t(`state.${first}`);

  useEffect(() => {
    document.title = connecting ? 'Siaga' : `${word} · Siaga`;
  }, [connecting, word]);

  if (connecting) return <p className={styles.state}>{t('panel.loading')}</p>;
  return (
    <p className={styles.state} role="status">
      <StateBadge word={first} />
      <span className={styles.why}>{reasonOf(first, facts, t)}</span>
      {second && (
        <span className={styles.also}>
          {t('state.also', { word: t(`state.${second}`), why: reasonOf(second, facts, t) })}
        </span>
      )}
    </p>
  );
}
