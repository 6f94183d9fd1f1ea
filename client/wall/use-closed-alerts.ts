import { useQuery } from '@tanstack/react-query';
import { alertListSchema } from '../../shared/api/schemas.ts';
import { severityRank } from '../../shared/alert.ts';
import { getJson } from '../api/request.ts';

const dayMs = 24 * 3_600_000;
const refetchMs = 60_000;
const mostRead = 500;

/** Critical and high alerts of the last 24 hours that were closed; `null` until read. Read only while `wanted`. */
export function useClosedAlerts(now: number, wanted: boolean): { critical: number; high: number } | null {
  const { data } = useQuery({
    queryKey: ['wall-closed'],
    queryFn: ({ signal }) => getJson(`/api/alerts?status=closed&limit=${mostRead}`, alertListSchema, signal),
    refetchInterval: refetchMs,
    refetchIntervalInBackground: true,
    enabled: wanted,
  });
  if (!data) return null;
  const count = (rank: number): number =>
    data.alerts.filter(
      ({ severity, createdAt }) => severityRank(severity) === rank && createdAt >= now - dayMs,
    ).length;
  return { critical: count(severityRank('critical')), high: count(severityRank('high')) };
}
