import { useState, type FormEvent } from 'react';
import { useT } from '../state/use-t.ts';
import { parseRange, presets, printBetween, spanLabel, type TimeRange } from './range.ts';
import type { Investigation } from './use-investigation.ts';
import styles from './RangePicker.module.css';

/** Presets, and a box that shows the range and takes a typed one. */
export function RangePicker(props: { readonly investigation: Investigation; readonly now: number }) {
  const { state, zone, setRange } = props.investigation;
  const { range } = state;
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
          onClick={() => setRange({ kind: 'last', ms })}
        >
          {spanLabel(ms, language)}
        </button>
      ))}
      <TypedRange key={shown} shown={shown} now={props.now} investigation={props.investigation} />
      <span className={styles.zone}>{zone}</span>
    </div>
  );
}

function TypedRange(props: {
  readonly shown: string;
  readonly now: number;
  readonly investigation: Investigation;
}) {
  const { shown, now, investigation } = props;
  const { state, zone, setRange } = investigation;
  const { t, language } = useT();
  const [typed, setTyped] = useState<string | null>(null);
  const [bad, setBad] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (typed === null || typed === shown) return;
    const range: TimeRange | null = parseRange(typed, now, { zone, language });
    setBad(range === null);
    if (range) setRange(range);
  };
  // A relative range is described, not written: the box starts empty to type another.
  const editable = state.range.kind === 'last' ? '' : shown;
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
