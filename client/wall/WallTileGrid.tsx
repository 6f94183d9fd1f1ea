import { memo } from 'react';
import styles from './WallTileGrid.module.css';
import { tileColumns, type WallTile } from './wall-tiles.ts';

/** All parties of the register in rows of fifteen. */
export function WallTileGrid(props: { readonly tiles: readonly WallTile[] }) {
  const { tiles } = props;
  const columns = tileColumns(tiles.length);
  return (
    <ul
      className={styles.tiles}
      style={{
        gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
        // Letters shrink only where more than fifteen stand in a row.
        fontSize: `calc(var(--w-min) * ${15 / columns})`,
      }}
    >
      {tiles.map(({ id, text, aceh, absent, tone, label }) => (
        <Tile key={id} text={text} aceh={aceh} absent={absent} tone={tone} label={label} />
      ))}
    </ul>
  );
}

const Tile = memo(function Tile(props: Omit<WallTile, 'id'>) {
  const { text, aceh, absent, tone, label } = props;
  const look = [styles.tile, aceh && styles.aceh, absent && styles.absent, tone && styles[tone]];
  return (
    <li
      className={look.filter(Boolean).join(' ')}
      role="img"
      aria-label={label}
      data-long={text.length > 2 ? '' : undefined}
    >
      {text}
    </li>
  );
});
