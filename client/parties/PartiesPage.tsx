import { useEffect, useMemo } from 'react';
import { useFeed } from '../state/feed-context.tsx';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { Panel, type PanelState } from '../ui/Panel.tsx';
import { FailedReading, ReadAge, useAnswerState } from './AnswerState.tsx';
import { BoardControls } from './BoardControls.tsx';
import { BoardTiles } from './BoardTiles.tsx';
import { BoardTable } from './BoardTable.tsx';
import { BoardTotals } from './BoardTotals.tsx';
import { PartyDetails } from './PartyDetails.tsx';
import { boardRows, shownRows } from './party-rows.ts';
import { useBoardState } from './use-board-state.ts';
import { usePartyList } from './use-parties.ts';
import styles from './PartiesPage.module.css';

/** The accounts of all parties: who is there as registered, and whose accounts need a look. */
export default function PartiesPage() {
  const { t, formatNumber } = useT();
  const board = useBoardState();
  const { state } = board;
  const query = usePartyList();
  const alerts = useFeed((live) => live.alerts);
  const list = query.data;
  const rows = useMemo(() => (list ? boardRows(list, alerts) : []), [list, alerts]);
  const shown = useMemo(() => shownRows(rows, state), [rows, state]);
  const answer = useAnswerState(query, t('error.notFound'));
  useEffect(() => {
    document.title = `${t('parties.title')} · Siaga`;
  }, [t]);
  const panel: PanelState =
    list && rows.length === 0 ? { kind: 'empty', text: t('parties.empty') } : answer.state;

  return (
    <div className={styles.page} data-detail={state.party === null ? undefined : ''}>
      <h1 className="visually-hidden">{t('parties.title')}</h1>
      <Panel
        title={<BoardTotals list={list} />}
        aside={<BoardControls board={board} />}
        state={panel}
        staleText={answer.staleText}
        className={styles.board}
        bodyClassName={styles.boardBody}
      >
        <FailedReading query={query} />
        {list && list.overflow > 0 && (
          <p className={styles.warning} role="status">
            {t('parties.overflow', { count: formatNumber(list.overflow) })}
          </p>
        )}
        {shown.length === 0 ? (
          <div className={styles.none}>
            <p>{t('parties.noneShown')}</p>
            <Button onClick={() => board.change({ show: 'all', text: '' })}>{t('parties.showAll')}</Button>
          </div>
        ) : state.view === 'list' ? (
          <BoardTable rows={shown} board={board} />
        ) : (
          <BoardTiles rows={shown} board={board} />
        )}
        <p className={styles.read}>
          {t('parties.hint')} · <ReadAge at={query.dataUpdatedAt} />
        </p>
      </Panel>
      {state.party !== null && (
        <PartyDetails key={state.party} id={state.party} onClose={() => board.change({ party: null })} />
      )}
    </div>
  );
}
