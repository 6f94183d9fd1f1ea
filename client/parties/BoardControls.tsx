import { useT } from '../state/use-t.ts';
import { boardFilters, boardSorts, boardViews, type BoardFilter, type BoardSort } from './board-state.ts';
import type { Board } from './use-board-state.ts';
import styles from './BoardControls.module.css';

/** How the board is shown: which parties, in what order, as tiles or as a list. */
export function BoardControls(props: { readonly board: Board }) {
  const { state, change } = props.board;
  const { t } = useT();
  return (
    <form className={styles.controls} role="search" onSubmit={(event) => event.preventDefault()}>
      <input
        type="search"
        className={styles.search}
        value={state.text}
        maxLength={100}
        aria-label={t('parties.search')}
        placeholder={t('parties.search.hint')}
        onChange={(event) => change({ text: event.target.value })}
      />
      <label className={styles.choice}>
        {t('parties.show')}
        <select value={state.show} onChange={(event) => change({ show: event.target.value as BoardFilter })}>
          {boardFilters.map((filter) => (
            <option key={filter} value={filter}>
              {t(`parties.show.${filter}`)}
            </option>
          ))}
        </select>
      </label>
      <label className={styles.choice}>
        {t('parties.sort')}
        <select
          value={state.sort}
          onChange={(event) => change({ sort: event.target.value as BoardSort, reversed: false })}
        >
          {boardSorts.map((sort) => (
            <option key={sort} value={sort}>
              {t(`parties.sort.${sort}`)}
            </option>
          ))}
        </select>
      </label>
      <span className={styles.views} role="group" aria-label={t('parties.view')}>
        {boardViews.map((view) => (
          <button
            key={view}
            type="button"
            aria-pressed={state.view === view}
            onClick={() => change({ view })}
          >
            {t(`parties.view.${view}`)}
          </button>
        ))}
      </span>
    </form>
  );
}
