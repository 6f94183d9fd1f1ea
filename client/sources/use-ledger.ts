import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { ledgerSchema, type Ledger } from '../../shared/api/ledger.ts';
import { getJson, RequestError } from '../api/request.ts';
import { resolveRange, type TimeRange } from '../investigate/range.ts';
import { useEachSecond, useFeedHandle } from '../state/feed-context.tsx';
import { useT } from '../state/use-t.ts';
import { bucketFor } from './ledger-columns.ts';

const shortRangeMs = 2 * 3_600_000;
/** How often a range that ends now is read again: a long one costs the event store more. */
export const refetchMs = ({ range }: { readonly range: TimeRange }): number | false => {
  if (range.kind === 'between') return false;
  return range.ms <= shortRangeMs ? 15_000 : 60_000;
};
const patience = 3;

/** A ledger as it was asked for. */
export interface LedgerAnswer {
  readonly ledger: Ledger;
  /** Length of a column, whole minutes. */
  readonly bucket: number;
}

export interface LedgerQuestion {
  readonly range: TimeRange;
  /** `null` asks for all. */
  readonly source: string | null;
  readonly maxColumns: number;
}

/** The ledger of a range, read again as long as it ends now; its last answer stays while the next one is on its way. */
export function useLedger(question: LedgerQuestion): UseQueryResult<LedgerAnswer> {
  const { range, source, maxColumns } = question;
  const feed = useFeedHandle();
  return useQuery({
    queryKey: ['ledger', range, source, maxColumns],
    queryFn: async ({ signal }) => {
      const span = resolveRange(range, feed.serverNow());
      const bucket = bucketFor(span, maxColumns);
      const params = new URLSearchParams({
        from: String(span.from),
        to: String(span.to),
        bucket: String(bucket),
        ...(source === null ? {} : { source }),
      });
      return { ledger: await getJson(`/api/ledger?${params}`, ledgerSchema, signal), bucket };
    },
    refetchInterval: refetchMs(question),
    retry: (failures, error) =>
      failures < patience &&
      error instanceof RequestError &&
      (error.failure === 'network' || error.status === 429 || error.status === 503),
    retryDelay: 700,
  });
}

/** `dibaca 5 d lalu`, and whether that is too long ago for a range that is read again and again. */
export function useReadAge(
  { dataUpdatedAt }: Pick<UseQueryResult, 'dataUpdatedAt'>,
  question: Pick<LedgerQuestion, 'range'>,
): { readonly text: string | null; readonly isOld: boolean } {
  const { t, formatAge } = useT();
  const ms = useEachSecond((_, now) =>
    dataUpdatedAt === 0 ? null : Math.max(0, Math.floor((now - dataUpdatedAt) / 1_000) * 1_000),
  );
  if (ms === null) return { text: null, isOld: false };
  const every = refetchMs(question);
  return { text: t('sources.age', { age: formatAge(ms) }), isOld: every !== false && ms > every * 2 + 5_000 };
}
