import { useCallback, useState } from 'react';
import { useSearchParams } from 'wouter';
import { AlertDetail } from '../alerts/AlertDetail.tsx';
import { AlertQueue } from '../alerts/AlertQueue.tsx';
import { useT } from '../state/use-t.ts';
import { FigureStrip } from './FigureStrip.tsx';
import styles from './LivePage.module.css';
import { PartyTiles } from './PartyTiles.tsx';
import { RecentChart } from './RecentChart.tsx';
import { SourceHealthRow } from './SourceHealthRow.tsx';
import { TopFailures } from './TopFailures.tsx';
import { Trend } from './Trend.tsx';

/** The live picture of the analyst; the opened alert is in the address as `?alert=`. */
export function LivePage() {
  const { t } = useT();
  const [search, setSearch] = useSearchParams();
  const [closing, setClosing] = useState(false);
  const selected = search.get('alert');

  const select = useCallback(
    (id: string | null, close = false) => {
      setClosing(close);
      setSearch(
        (now) => {
          const next = new URLSearchParams(now);
          if (id === null) next.delete('alert');
          else next.set('alert', id);
          return next;
        },
        { replace: true },
      );
    },
    [setSearch],
  );

  return (
    <div className={styles.page}>
      <h1 className="visually-hidden">{t('live.title')}</h1>
      <FigureStrip />
      <div className={styles.grid}>
        <AlertQueue selected={selected} onSelect={select} className={styles.queue} />
        <RecentChart className={styles.recent} />
        <Trend className={styles.trend} />
        <div className={styles.right}>
          <TopFailures className={styles.top} />
          <PartyTiles className={styles.parties} />
        </div>
        {selected !== null && (
          <aside
            className={styles.side}
            onKeyDown={(event) => {
              if (event.key === 'Escape') select(null);
            }}
          >
            <AlertDetail
              key={selected}
              id={selected}
              closing={closing}
              onClosing={setClosing}
              onDismiss={() => select(null)}
            />
          </aside>
        )}
      </div>
      <SourceHealthRow />
    </div>
  );
}
