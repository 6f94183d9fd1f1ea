import { ArrowLeftRight, X } from 'lucide-react';
import { printFilter, type EventFilter } from '../../shared/query/event-query.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { revealHidden, Untrusted } from '../ui/Untrusted.tsx';
import type { Investigation } from './use-investigation.ts';
import styles from './FilterChips.module.css';

/** The conditions of the search, each with a way to turn it round and a way to drop it. */
export function FilterChips(props: { readonly investigation: Investigation }) {
  const { state, addFilter, removeFilter, change } = props.investigation;
  const { t } = useT();
  const count = state.filters.length + (state.text ? 1 : 0);
  if (count === 0) return null;
  return (
    <ul className={styles.chips} aria-label={t('investigate.filters')}>
      {state.filters.map((filter) => (
        <Chip
          key={printFilter(filter)}
          filter={filter}
          onInvert={() => addFilter({ ...filter, exclude: !filter.exclude })}
          onRemove={() => removeFilter(filter)}
        />
      ))}
      {state.text && (
        <li className={styles.chip}>
          <span className={styles.field}>{t('investigate.search.text')}</span>
          <Untrusted text={state.text} className={styles.value} />
          <button
            type="button"
            aria-label={t('investigate.filter.remove', { filter: revealHidden(state.text) })}
            onClick={() => change({ text: '', selected: null })}
          >
            <X size={13} aria-hidden="true" />
          </button>
        </li>
      )}
      {count > 1 && (
        <li>
          <Button tone="quiet" onClick={() => change({ filters: [], text: '', selected: null })}>
            {t('investigate.filter.clear')}
          </Button>
        </li>
      )}
    </ul>
  );
}

function Chip(props: {
  readonly filter: EventFilter;
  readonly onInvert: () => void;
  readonly onRemove: () => void;
}) {
  const { filter, onInvert, onRemove } = props;
  const { t } = useT();
  const name = revealHidden(printFilter(filter));
  return (
    <li className={`${styles.chip} ${filter.exclude ? styles.exclude : ''}`}>
      {filter.exclude && <strong className={styles.not}>{t('investigate.filter.not')}</strong>}
      <span className={styles.field}>{filter.field}</span>
      {filter.value === '' ? (
        <em>{t('investigate.filter.absent')}</em>
      ) : (
        <Untrusted text={filter.value} className={styles.value} />
      )}
      <button
        type="button"
        aria-label={t('investigate.filter.invert', { filter: name })}
        title={t('investigate.filter.invert', { filter: name })}
        onClick={onInvert}
      >
        <ArrowLeftRight size={13} aria-hidden="true" />
      </button>
      <button
        type="button"
        aria-label={t('investigate.filter.remove', { filter: name })}
        title={t('investigate.filter.remove', { filter: name })}
        onClick={onRemove}
      >
        <X size={13} aria-hidden="true" />
      </button>
    </li>
  );
}
