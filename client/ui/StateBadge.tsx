import type { StateWord } from '../../shared/live/state-word.ts';
import { useT } from '../state/use-t.ts';
import styles from './StateBadge.module.css';

const shapes: Partial<Record<StateWord, string>> = {
  incident: 'M7.2 1h9.6L23 7.2v9.6L16.8 23H7.2L1 16.8V7.2z',
  elevated: 'M12 2 23 22H1z',
  stopped: 'M3 3h18v18H3z',
};

/** The state word as a filled mark; NORMAL is plain grey, since grey is normal. */
export function StateBadge(props: { readonly word: StateWord; readonly className?: string | undefined }) {
  const { t } = useT();
  const { word, className } = props;
  const shape = shapes[word];
  return (
    <strong className={`${styles.badge} ${styles[word]} ${className ?? ''}`}>
      {shape ? (
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d={shape} />
        </svg>
      ) : (
        word === 'cannot-tell' && <span aria-hidden="true">?</span>
      )}
      {t(`state.${word}`)}
    </strong>
  );
}
