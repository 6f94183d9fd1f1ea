import styles from './WallCanvas.module.css';
import { figureScale, type WallFigure } from './wall-figures.ts';

/** A key figure with its label above and its proportion below. */
export function WallFigureBox(props: { readonly figure: WallFigure }) {
  const { label, value, unit, note, partial } = props.figure;
  return (
    <section className={styles.figure} data-partial={partial ? '' : undefined}>
      <h2>{label}</h2>
      <p className={styles.value}>
        <strong style={{ fontSize: `calc(var(--w-key) * ${figureScale(value, unit)})` }}>{value}</strong>
        {unit && <span data-tight={unit.startsWith('/') ? '' : undefined}>{unit}</span>}
      </p>
      <p>{note || '\u00A0'}</p>
    </section>
  );
}
