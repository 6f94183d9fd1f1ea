import { useT } from '../state/use-t.ts';
import { CalmText } from './CalmText.tsx';
import { orbitAt } from './wall-settings.ts';
import { useWallEnlargement } from './wall-detail.ts';
import { useWallFacts } from './use-wall-facts.ts';
import { wallAlerts } from './wall-alerts.ts';
import { wallFigures } from './wall-figures.ts';
import { wallHeader } from './wall-header.ts';
import { wallTiles } from './wall-tiles.ts';
import { WallAlertList } from './WallAlertList.tsx';
import styles from './WallCanvas.module.css';
import { WallChart } from './WallChart.tsx';
import { WallFigureBox } from './WallFigureBox.tsx';
import { WallHeading } from './WallHeading.tsx';
import { WallTileGrid } from './WallTileGrid.tsx';

/** The nine groups of the wall, fewer where they must be larger; faded once what they show is older than 10 s. */
export function WallCanvas(props: { readonly simulated: boolean }) {
  const { simulated } = props;
  const translator = useT();
  const facts = useWallFacts();
  const { t } = translator;
  const [x, y] = orbitAt(facts.now);
  const header = wallHeader(facts, translator);
  const isShort = useWallEnlargement() > 1;
  const simulation = simulated && (
    <p className={styles.simulation}>
      <strong>{t('wall.simulation')}</strong>
      <span>{t('wall.simulation.hint')}</span>
    </p>
  );
  return (
    <div
      className={styles.canvas}
      data-fresh={facts.freshness}
      style={{ transform: `translate(${x}px, ${y}px)` }}
    >
      <WallHeading header={header} />
      {header.bar && (
        <p className={styles.bar} role="alert">
          {header.bar}
        </p>
      )}
      <div className={styles.body} data-short={isShort ? '' : undefined}>
        <div className={styles.left}>
          <div className={styles.figures}>
            {wallFigures(facts, translator).map((figure) => (
              <WallFigureBox key={figure.id} figure={figure} />
            ))}
          </div>
          {!(isShort && simulated) && (
            <WallChart usual={facts.frame?.usualFailures ?? null} now={facts.now} />
          )}
          {isShort ? simulation : <WallTileGrid tiles={wallTiles(facts, translator)} />}
        </div>
        {!isShort && (
          <aside className={styles.right}>
            {facts.detail === 'figures' ? (
              <p className={styles.without}>{t('wall.withoutAlerts')}</p>
            ) : (
              <WallAlertList alerts={wallAlerts(facts, translator)}>
                <CalmText facts={facts} />
              </WallAlertList>
            )}
            {simulation}
          </aside>
        )}
      </div>
    </div>
  );
}
