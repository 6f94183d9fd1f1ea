import type { Severity } from '../../shared/alert.ts';
import { useT } from '../state/use-t.ts';
import styles from './SeverityGlyph.module.css';

interface Shape {
  readonly number: string;
  readonly path: string;
  readonly className: string | undefined;
  /** Where the digit stands; a triangle's centre is low. */
  readonly digitY: number;
}

const shapes: Readonly<Record<Severity, Shape>> = {
  critical: {
    number: '1',
    path: 'M7.2 1h9.6L23 7.2v9.6L16.8 23H7.2L1 16.8V7.2z',
    className: styles.critical,
    digitY: 12.6,
  },
  high: { number: '2', path: 'M12 1.2 23.2 22H.8z', className: styles.high, digitY: 15.2 },
  medium: { number: '3', path: 'M12 .8 23.2 12 12 23.2.8 12z', className: styles.medium, digitY: 12.6 },
  low: {
    number: '4',
    path: 'M12 1.6a10.4 10.4 0 1 0 0 20.8 10.4 10.4 0 0 0 0-20.8z',
    className: styles.low,
    digitY: 12.6,
  },
  informational: {
    number: '',
    path: 'M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10z',
    className: styles.informational,
    digitY: 12.6,
  },
};

/** Severity by shape, number and fill, hue last; `size` is CSS px, or a CSS length. `pulse` marks what nobody has acknowledged. */
export function SeverityGlyph(props: {
  readonly severity: Severity;
  readonly size?: number | string;
  readonly pulse?: boolean;
}) {
  const { t } = useT();
  const { severity, size = 18, pulse = false } = props;
  const shape = shapes[severity];
  return (
    <svg
      className={`${styles.glyph} ${shape.className} ${pulse ? styles.pulse : ''}`}
      viewBox="0 0 24 24"
      role="img"
      aria-label={t(`severity.${severity}`)}
      style={{ width: size, height: size }}
    >
      <path d={shape.path} />
      {shape.number && (
        <text x="12" y={shape.digitY} dominantBaseline="central" textAnchor="middle">
          {shape.number}
        </text>
      )}
    </svg>
  );
}
