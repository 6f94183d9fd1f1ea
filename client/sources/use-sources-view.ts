import { useMemo } from 'react';
import { navigate, useSearch } from 'wouter/use-browser-location';
import type { TimeRange } from '../investigate/range.ts';
import { printSourcesState, readSourcesState, type SourcesState } from './url-state.ts';

/** What the address asks for, and the ways to change it; a new range is a step to go back to, a selection is not. */
export interface SourcesView {
  readonly state: SourcesState;
  readonly dropped: readonly string[];
  readonly setRange: (range: TimeRange) => void;
  readonly select: (source: string | null) => void;
}

/** The view that the address describes. */
export function useSourcesView(): SourcesView {
  const search = useSearch();
  return useMemo(() => {
    const { state, dropped } = readSourcesState(new URLSearchParams(search));
    return {
      state,
      dropped,
      setRange: (range) => navigate(printSourcesState({ ...state, range })),
      select: (source) => navigate(printSourcesState({ ...state, source }), { replace: true }),
    };
  }, [search]);
}
