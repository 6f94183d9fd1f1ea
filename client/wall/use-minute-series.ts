import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { loginSeriesSchema } from '../../shared/live/frame.ts';
import { getJson } from '../api/request.ts';
import { useFeed, useFeedHandle } from '../state/feed-context.tsx';
import { minuteSeries, shownMinutes, type MinuteSeries } from './minute-series.ts';

/** The chart is drawn again this often; a minute's line needs no more. */
const redrawMs = 10_000;
const refetchMs = 5 * 60_000;
const retryMs = 15_000;

/** The last 60 minutes: read once in a while, and carried on by the live feed. */
export function useMinuteSeries(): MinuteSeries {
  const feed = useFeedHandle();
  const beat = useFeed(({ frame }) => (frame ? Math.floor(frame.at / redrawMs) : 0));
  const status = useFeed((state) => state.status);
  const { data } = useQuery({
    queryKey: ['wall-trend', status === 'lost'],
    queryFn: ({ signal }) =>
      getJson(`/api/trend?minutes=${shownMinutes}&bucket=60`, loginSeriesSchema, signal),
    refetchInterval: ({ state }) => (state.status === 'error' ? retryMs : refetchMs),
    refetchIntervalInBackground: true,
    placeholderData: (last) => last,
  });
  return useMemo(() => {
    const newest = feed.store.getState().frame?.at ?? 0;
    if (beat === 0 || newest === 0) return { at: [], failures: [] };
    const { failure, blocked, heard } = feed.sum(60);
    return minuteSeries(data ?? null, feed.columns(), newest, { count: failure + blocked, heard });
  }, [feed, data, beat]);
}
