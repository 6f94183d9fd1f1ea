import { queryOptions } from '@tanstack/react-query';
import { factorStateSchema } from '../../shared/api/sessions.ts';
import { getJson } from '../api/request.ts';

/** The state of one's own second factor. */
export const factorQuery = queryOptions({
  queryKey: ['second-factor'],
  queryFn: ({ signal }) => getJson('/api/session/second-factor', factorStateSchema, signal),
});
