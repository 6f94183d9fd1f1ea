import { useMemo } from 'react';
import { navigate, useSearch } from 'wouter/use-browser-location';
import type { Zone } from '../../shared/i18n/zone.ts';
import type { EventFilter } from '../../shared/query/event-query.ts';
import { usePreference } from '../state/preferences-context.tsx';
import type { TimeRange } from './range.ts';
import { printState, readState, withFilter, withoutFilter, type InvestigateState } from './url-state.ts';

/** The state of the address and the ways to change it; each change but of the selection is a step to go back to. */
export interface Investigation {
  readonly state: InvestigateState;
  readonly dropped: readonly string[];
  readonly zone: Zone;
  readonly change: (changes: Partial<InvestigateState>) => void;
  readonly addFilter: (filter: EventFilter) => void;
  readonly removeFilter: (filter: EventFilter) => void;
  readonly setRange: (range: TimeRange) => void;
  readonly select: (sequence: string | null) => void;
}

const addressOf = (state: InvestigateState): string => {
  const search = printState(state).toString();
  return search ? `${location.pathname}?${search}` : location.pathname;
};

/** The investigation that the address describes. */
export function useInvestigation(): Investigation {
  const search = useSearch();
  const preferred = usePreference('zone');
  return useMemo(() => {
    const { state, dropped } = readState(new URLSearchParams(search));
    const change = (changes: Partial<InvestigateState>): void =>
      navigate(addressOf({ ...state, ...changes }));
    return {
      state,
      dropped,
      zone: state.zone ?? preferred,
      change,
      addFilter: (filter) => change({ filters: withFilter(state.filters, filter), selected: null }),
      removeFilter: (filter) => change({ filters: withoutFilter(state.filters, filter), selected: null }),
      setRange: (range) => change({ range, selected: null }),
      select: (selected) => navigate(addressOf({ ...state, selected }), { replace: true }),
    };
  }, [search, preferred]);
}
