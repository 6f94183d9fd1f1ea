import { useMemo } from 'react';
import { navigate, useSearch } from 'wouter/use-browser-location';
import { printBoardState, readBoardState, type BoardState } from './board-state.ts';

/** The board's state and the ways to change it. */
export interface Board {
  readonly state: BoardState;
  /** Address of the board with these changes. */
  readonly addressOf: (changes: Partial<BoardState>) => string;
  /** Goes there; choosing a party is a step to go back to, how the board is shown is not. */
  readonly change: (changes: Partial<BoardState>) => void;
}

/** The board that the address describes. */
export function useBoardState(): Board {
  const search = useSearch();
  return useMemo(() => {
    const state = readBoardState(new URLSearchParams(search));
    const addressOf = (changes: Partial<BoardState>): string => {
      const printed = printBoardState({ ...state, ...changes }).toString();
      return printed ? `/parties?${printed}` : '/parties';
    };
    return {
      state,
      addressOf,
      change: (changes) => navigate(addressOf(changes), { replace: changes.party === undefined }),
    };
  }, [search]);
}
