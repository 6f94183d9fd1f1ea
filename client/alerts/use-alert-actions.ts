import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Verdict } from '../../shared/alert.ts';
import { alertAnswerSchema, alertDetailSchema, type AlertDetail } from '../../shared/api/schemas.ts';
import { getJson, sendJson } from '../api/request.ts';
import { useFeed, useFeedHandle } from '../state/feed-context.tsx';

const keyOf = (id: string): readonly [string, string] => ['alert', id];
const pathOf = (id: string): string => `/api/alerts/${encodeURIComponent(id)}`;

/** The alert with its history, read again whenever somebody acts on it; counts follow the live feed. */
export function useAlertDetail(id: string) {
  const queries = useQueryClient();
  const feed = useFeedHandle();
  const live = useFeed((state) => state.alerts.find((alert) => alert.id === id));
  const query = useQuery({
    queryKey: keyOf(id),
    queryFn: ({ signal }) => getJson(pathOf(id), alertDetailSchema, signal),
  });
  useEffect(
    () =>
      feed.subscribeChanges((changes) => {
        if (changes.some(({ alert, kind }) => alert.id === id && kind !== 'updated')) {
          void queries.invalidateQueries({ queryKey: keyOf(id) });
        }
      }),
    [feed, id, queries],
  );
  const alert = live ?? query.data?.alert ?? null;
  return { query, alert };
}

/** A step in an alert's life, as the server offers it. */
export type AlertAction =
  | { readonly kind: 'acknowledge' | 'reopen'; readonly id: string }
  | { readonly kind: 'close'; readonly id: string; readonly verdict: Verdict; readonly reason: string };

/** Acts on an alert; nothing changes on screen before the server has said yes. */
export function useAlertAction() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (action: AlertAction) =>
      sendJson(
        'POST',
        `${pathOf(action.id)}/${action.kind}`,
        action.kind === 'close' ? { verdict: action.verdict, reason: action.reason } : undefined,
        alertAnswerSchema,
      ),
    onSuccess: ({ alert }) => {
      queries.setQueryData<AlertDetail>(keyOf(alert.id), (detail) => detail && { ...detail, alert });
      return queries.invalidateQueries({ queryKey: keyOf(alert.id) });
    },
  });
}
