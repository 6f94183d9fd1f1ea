import { useMemo } from 'react';
import { encode } from 'uqr';
import styles from './WallsPage.module.css';

/** A text as a QR code, drawn in SVG elements. */
export function QrCode(props: { readonly text: string; readonly label: string }) {
  const { text, label } = props;
  const { size, data } = useMemo(() => encode(text, { border: 4 }), [text]);
  const path = data
    .flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join('');
  return (
    <svg className={styles.qr} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" shapeRendering="crispEdges" />
    </svg>
  );
}
