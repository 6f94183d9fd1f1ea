import { useMemo } from 'react';
import { encode } from 'uqr';
import styles from './Account.module.css';

/** Light modules around the code that readers need (ISO/IEC 18004: four). */
const quietZone = 4;

/** `text` as a QR code, black on white in every theme, since readers expect that. */
export function QrCode(props: { readonly text: string; readonly label: string }) {
  const { text, label } = props;
  const { size, path } = useMemo(() => drawn(text), [text]);
  return (
    <svg className={styles.qr} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <rect width={size} height={size} fill="#ffffff" />
      <path d={path} fill="#000000" shapeRendering="crispEdges" />
    </svg>
  );
}

function drawn(text: string): { readonly size: number; readonly path: string } {
  const { size, data } = encode(text, { ecc: 'M', border: quietZone });
  const squares = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')));
  return { size, path: squares.join('') };
}
