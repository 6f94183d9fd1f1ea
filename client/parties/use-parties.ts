import { useQuery } from '@tanstack/react-query';
import { partyDetailSchema, partyListSchema } from '../../shared/api/schemas.ts';
import { getJson, RequestError } from '../api/request.ts';

/** How often the board is read again, ms. */
export const boardEveryMs = 5_000;
/** From this age on the board is old: three readings failed. */
export const staleBoardMs = 3 * boardEveryMs;

/** The board, read again and again. */
export function usePartyList() {
  return useQuery({
    queryKey: ['parties'],
    queryFn: ({ signal }) => getJson('/api/parties', partyListSchema, signal),
    refetchInterval: boardEveryMs,
  });
}

/** One party with its accounts; a party that there isn't is an answer too, and not asked for again. */
export function usePartyDetail(id: string) {
  return useQuery({
    queryKey: ['parties', id],
    queryFn: ({ signal }) => getJson(`/api/parties/${encodeURIComponent(id)}`, partyDetailSchema, signal),
    refetchInterval: ({ state }) => (isNotFound(state.error) ? false : boardEveryMs),
  });
}

/** Whether the server said that there is no such thing. */
export const isNotFound = (error: Error | null): boolean =>
  error instanceof RequestError && error.status === 404;
