import { useState, type FormEvent } from 'react';
import type { Zone } from '../../shared/i18n/zone.ts';
import { useT } from '../state/use-t.ts';
import { parseRange, presets as usualPresets, printBetween, spanLabel, type TimeRange } from './range.ts';
import styles from './RangePicker.module.css';

interface RangePickerProps {
  readonly range: TimeRange;
  readonly zone: Zone;
  readonly onRange: (range: TimeRange) => void;
  /** What a typed range is relative to, epoch ms. */
  readonly now: number;
  /** Lengths up to now that are one click away, ms. */
  readonly presets?: readonly number[];
}

/** Presets, and a box that shows the range and takes a typed one. */
export function RangePicker(props: RangePickerProps) {
  const { range, zone, onRange, presets = usualPresets } = props;
  const { t, language } = useT();
  const shown =
    range.kind === 'last'
      ? t('investigate.range.last', { span: spanLabel(range.ms, language) })
      : printBetween(range, zone);
  return (
    <div className={styles.picker} role="group" aria-label={t('investigate.range')}>
      {presets.map((ms) => (
        <button
          key={ms}
          type="button"
          aria-pressed={range.kind === 'last' && range.ms === ms}
          onClick={() => onRange({ kind: 'last', ms })}
        >
          {spanLabel(ms, language)}
        </button>
      ))}
      <TypedRange key={shown} {...props} shown={shown} />
      <span className={styles.zone}>{zone}</span>
    </div>
  );
}

function TypedRange(props: RangePickerProps & { readonly shown: string }) {
  const { shown, now, range: current, zone, onRange } = props;
  const { t, language } = useT();
  const [typed, setTyped] = useState<string | null>(null);
  const [bad, setBad] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (typed === null || typed === shown) return;
    const range: TimeRange | null = parseRange(typed, now, { zone, language });
    setBad(range === null);
    if (range) onRange(range);
  };
  // A relative range is described, not written: the box starts empty to type another.
  const editable = current.kind === 'last' ? '' : shown;
  return (
    <form className={styles.form} onSubmit={submit}>
      <input
        type="text"
        aria-label={t('investigate.range')}
        aria-invalid={bad}
        aria-describedby={bad ? 'range-bad' : undefined}
        placeholder={t('investigate.range.hint')}
        title={t('investigate.range.hint')}
        autoComplete="off"
        spellCheck={false}
        maxLength={60}
        value={typed ?? shown}
        onFocus={() => setTyped(editable)}
        onBlur={() => {
          setTyped(null);
          setBad(false);
        }}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setBad(false);
        }}
      />
      {bad && (
        <p id="range-bad" className={styles.bad} role="alert">
          {t('investigate.range.bad')}
        </p>
      )}
    </form>
  );
}
