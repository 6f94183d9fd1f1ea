import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { limitsAnswerSchema, type LimitsAnswer } from '../../shared/api/limits.ts';
import { getJson } from '../api/request.ts';

const refetchMs = 30_000;

/** The server's limits and how often each was reached, read again each half minute. */
export const useLimits = (): UseQueryResult<LimitsAnswer['limits']> =>
  useQuery({
    queryKey: ['limits'],
    queryFn: async ({ signal }) => (await getJson('/api/limits', limitsAnswerSchema, signal)).limits,
    refetchInterval: refetchMs,
  });
