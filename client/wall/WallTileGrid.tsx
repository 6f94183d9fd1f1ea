import { memo } from 'react';
import { useT } from '../state/use-t.ts';
import styles from './WallTileGrid.module.css';
import { tileColumns, type WallTile } from './wall-tiles.ts';

/** All parties of the register in rows of fifteen. */
export function WallTileGrid(props: { readonly tiles: readonly WallTile[] }) {
  const { tiles } = props;
  const { t } = useT();
  const columns = tileColumns(tiles.length);
  return (
    <div
      role="group"
      aria-label={t('live.parties.title')}
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
    </div>
  );
}

const Tile = memo(function Tile(props: Omit<WallTile, 'id'>) {
  const { text, aceh, absent, tone, label } = props;
  const look = [styles.tile, aceh && styles.aceh, absent && styles.absent, tone && styles[tone]];
  return (
    <span
      className={look.filter(Boolean).join(' ')}
      role="img"
      aria-label={label}
      data-long={text.length > 2 ? '' : undefined}
    >
      {text}
    </span>
  );
});
