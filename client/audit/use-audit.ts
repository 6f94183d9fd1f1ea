import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { navigate, useSearch } from 'wouter/use-browser-location';
import { auditAnswerSchema } from '../../shared/api/audit.ts';
import { getJson } from '../api/request.ts';
import { resolveRange } from '../investigate/range.ts';
import { useFeedHandle } from '../state/feed-context.tsx';
import { printAuditView, readAuditView, type AuditView } from './url-state.ts';

/** Rows of a page. */
const pageRows = 100;

/** What the address asks for, and the way to change it. */
export function useAuditView() {
  const search = useSearch();
  return useMemo(() => {
    const { view, dropped } = readAuditView(new URLSearchParams(search));
    return {
      view,
      dropped,
      change: (changes: Partial<AuditView>) => navigate(printAuditView({ ...view, ...changes })),
    };
  }, [search]);
}

/** The rows of a view, newest first, and older ones page by page. */
export function useAudit({ range, filters }: AuditView) {
  const feed = useFeedHandle();
  return useInfiniteQuery({
    queryKey: ['audit', range, filters],
    initialPageParam: null as number | null,
    queryFn: ({ signal, pageParam }) => {
      const { from, to } = resolveRange(range, feed.serverNow());
      const params = new URLSearchParams({ from: String(from), limit: String(pageRows), ...filters });
      // A range that ends now takes in what is done meanwhile.
      if (range.kind === 'between') params.set('to', String(to));
      if (pageParam !== null) params.set('before', String(pageParam));
      return getJson(`/api/audit?${params}`, auditAnswerSchema, signal);
    },
    getNextPageParam: ({ next }) => next,
  });
}
