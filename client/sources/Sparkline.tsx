import { useMemo } from 'react';
import styles from './SourceTable.module.css';

const width = 120;
const height = 20;

/** A row of bars from zero in the order of time, the tallest as high as the cell; nothing where nothing is known. */
export function Sparkline(props: { readonly values: readonly (number | null)[] }) {
  const { values } = props;
  const path = useMemo(() => barsOf(values), [values]);
  return (
    <svg
      className={styles.spark}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d={path} />
    </svg>
  );
}

/** One path of bars: a value above zero is at least a pixel high, so that a single line is seen. */
export function barsOf(values: readonly (number | null)[]): string {
  const most = Math.max(1, ...values.map((value) => value ?? 0));
  const step = width / Math.max(1, values.length);
  return values
    .map((value, index) => {
      if (value === null || value === 0) return '';
      const bar = Math.max(1, (value / most) * height);
      return `M${round(index * step)} ${height}v${round(-bar)}h${round(step * 0.8)}v${round(bar)}z`;
    })
    .join('');
}

const round = (value: number): number => Math.round(value * 100) / 100;
