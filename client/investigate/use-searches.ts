import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import type * as z from 'zod/mini';
import {
  eventListSchema,
  histogramSchema,
  topValuesSchema,
  type StoredEvent,
} from '../../shared/api/schemas.ts';
import type { FieldName } from '../../shared/event/fields.ts';
import { printQuery, type EventQuery } from '../../shared/query/event-query.ts';
import { getJson, RequestError } from '../api/request.ts';
import type { HeavyQueue } from './heavy-queue.ts';

/** Rows in one answer. */
export const pageRows = 200;
/** Rows that a list holds at most. */
export const maxRows = 10_000;
const shownBuckets = 120;
/** Answers to ranges that moved on are forgotten soon: each poll makes new ones. */
const forgetMs = 30_000;
const patience = 3;

/** Where this screen's searches wait for their turn. */
export const HeavyQueueContext = createContext<HeavyQueue | null>(null);

const searchKeys = ['events', 'histogram', 'top', 'event'];

/** Whether a query of the cache is one of this screen's searches. */
export const isSearch = ({ queryKey }: { readonly queryKey: readonly unknown[] }): boolean =>
  searchKeys.some((key) => key === queryKey[0]);

/** A search: what is asked, and the part of it that stays the same while a relative range moves on. */
export interface Search {
  readonly query: EventQuery;
  readonly shape: string;
}

const retry = (failures: number, error: Error): boolean =>
  failures < patience &&
  error instanceof RequestError &&
  (error.failure === 'network' || error.status === 429 || error.status === 503);

const common = { gcTime: forgetMs, staleTime: Infinity, retry, retryDelay: 700 } as const;

function useRead(): <T>(path: string, schema: z.ZodMiniType<T>, signal: AbortSignal) => Promise<T> {
  const queue = useContext(HeavyQueueContext);
  if (!queue) throw new Error('a search needs a HeavyQueueContext above');
  return (path, schema, signal) => queue.run(() => getJson(path, schema, signal), signal);
}

const address = (path: string, query: EventQuery, more: Readonly<Record<string, string>>): string => {
  const params = printQuery(query);
  for (const [name, value] of Object.entries(more)) params.set(name, value);
  return `${path}?${params}`;
};

/** The events of a search, newest first, page by page. */
export function useEventPages({ query, shape }: Search) {
  const read = useRead();
  return useInfiniteQuery({
    ...common,
    queryKey: ['events', shape, query.from, query.to],
    queryFn: ({ pageParam, signal }) =>
      read(
        address('/api/events', query, {
          limit: String(pageRows),
          ...(pageParam === null ? {} : { before: pageParam }),
        }),
        eventListSchema,
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last, pages) =>
      pages.length * pageRows < maxRows && last.events.length > 0 ? last.next : null,
    // The last answer stays while the same question is asked of a later range; another question begins empty.
    placeholderData: (last, before) => (before?.queryKey[1] === shape ? last : undefined),
  });
}

/** Events over time, by how logins ended. */
export function useHistogram({ query, shape }: Search) {
  const read = useRead();
  return useQuery({
    ...common,
    queryKey: ['histogram', shape, query.from, query.to],
    queryFn: ({ signal }) =>
      read(
        address('/api/events/histogram', query, { buckets: String(shownBuckets) }),
        histogramSchema,
        signal,
      ),
    placeholderData: (last, before) => (before?.queryKey[1] === shape ? last : undefined),
  });
}

/** The most frequent values of a field. */
export function useTopValues({ query, shape }: Search, field: FieldName) {
  const read = useRead();
  return useQuery({
    ...common,
    queryKey: ['top', `${shape} ${field}`, query.from, query.to],
    queryFn: ({ signal }) => read(address('/api/events/top', query, { field }), topValuesSchema, signal),
    placeholderData: (last, before) => (before?.queryKey[1] === `${shape} ${field}` ? last : undefined),
  });
}

/** One event of a search by its number: from the rows that are loaded, or read by itself. */
export function useOneEvent({ query }: Search, sequence: string | null, loaded: StoredEvent | undefined) {
  const read = useRead();
  return useQuery({
    ...common,
    queryKey: ['event', sequence, query.from, query.to],
    queryFn: async ({ signal }) => {
      const filters = [{ field: 'event.sequence', value: sequence ?? '', exclude: false }] as const;
      const path = address('/api/events', { ...query, filters, text: '' }, { limit: '1' });
      return (await read(path, eventListSchema, signal)).events[0] ?? null;
    },
    enabled: sequence !== null && loaded === undefined,
  });
}
