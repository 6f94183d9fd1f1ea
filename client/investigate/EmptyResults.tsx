import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { isoMinute, maxRangeMs, presets, spanLabel, type Span } from './range.ts';
import type { Investigation } from './use-investigation.ts';
import styles from './InvestigatePage.module.css';

/** Nothing matches: says where it was looked, and offers to look further. */
export function EmptyResults(props: { readonly span: Span; readonly investigation: Investigation }) {
  const { span, investigation } = props;
  const { state, zone, setRange, change } = investigation;
  const { t, language } = useT();
  const length = span.to - span.from;
  const wider = [...presets, 30 * 86_400_000].filter((ms) => ms > length && ms <= maxRangeMs).slice(0, 2);
  return (
    <div className={styles.empty}>
      <p>
        <strong>{t('investigate.empty')}</strong>
      </p>
      <p>
        {t('investigate.empty.range', {
          from: isoMinute(span.from, zone),
          to: isoMinute(span.to, zone),
          zone,
        })}
      </p>
      <p className={styles.offers}>
        {wider.map((ms) => (
          <Button
            key={ms}
            onClick={() =>
              setRange(
                state.range.kind === 'last'
                  ? { kind: 'last', ms }
                  : { kind: 'between', from: span.to - ms, to: span.to },
              )
            }
          >
            {t('investigate.empty.widen', { span: spanLabel(ms, language) })}
          </Button>
        ))}
        {(state.filters.length > 0 || state.text !== '') && (
          <Button onClick={() => change({ filters: [], text: '', selected: null })}>
            {t('investigate.empty.withoutFilters')}
          </Button>
        )}
      </p>
    </div>
  );
}
