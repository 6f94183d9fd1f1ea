import { useState } from 'react';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { Untrusted } from '../ui/Untrusted.tsx';
import { entitiesOf } from './entity.ts';
import type { Investigation } from './use-investigation.ts';
import styles from './InvestigatePage.module.css';

/** Selidik ▸ alamat 203.0.113.9 ▸ partai P07: each step back drops what comes after it. */
export function Trail(props: { readonly investigation: Investigation }) {
  const { state, change } = props.investigation;
  const { t } = useT();
  const entities = entitiesOf(state.filters);
  return (
    <nav className={styles.trail} aria-label={t('investigate.title')}>
      <button
        type="button"
        disabled={entities.length === 0}
        onClick={() => change({ filters: [], text: '', selected: null })}
      >
        {t('investigate.title')}
      </button>
      {entities.map(({ field, value }, index) => {
        const later = entities.slice(index + 1);
        return (
          <button
            key={`${field}:${value}`}
            type="button"
            disabled={later.length === 0}
            onClick={() =>
              change({
                filters: state.filters.filter(
                  (filter) =>
                    !later.some((each) => each.field === filter.field && each.value === filter.value),
                ),
                selected: null,
              })
            }
          >
            <span aria-hidden="true">▸</span> {t(`investigate.crumb.${field}`)} <Untrusted text={value} />
          </button>
        );
      })}
    </nav>
  );
}

/** Says which parts of the address made no sense, until it is put away. */
export function DroppedNotice(props: { readonly dropped: readonly string[] }) {
  const { t } = useT();
  const all = props.dropped.join('\n');
  const [hidden, setHidden] = useState('');
  if (all === '' || hidden === all) return null;
  return (
    <div className={styles.dropped} role="status">
      <span>{t('investigate.dropped')}</span>
      {props.dropped.slice(0, 5).map((text) => (
        <Untrusted key={text} text={text.slice(0, 80)} />
      ))}
      {props.dropped.length > 5 && <span>+{props.dropped.length - 5}</span>}
      <Button tone="quiet" onClick={() => setHidden(all)}>
        {t('investigate.dropped.hide')}
      </Button>
    </div>
  );
}
