import * as z from 'zod/mini';
import { isFieldName, type FieldName } from '../../../shared/event/fields.ts';
import { eventQuerySchema, maxExported, type EventQuery } from '../../../shared/query/event-query.ts';
import { ok } from '../../../shared/result.ts';
import { exportEvents, exportFormats, exportName, exportType } from '../../export/event-export.ts';
import { bothQueries, querySchema } from '../query-schema.ts';
import { route } from '../route.ts';

/** Events in one answer. */
export const maxEventLimit = 500;
/** Columns of a histogram. */
export const maxBuckets = 400;
/** Values of a top list. */
const topLimit = 10;

const which = { schema: eventQuerySchema, names: Object.keys(eventQuerySchema.shape) };
const queryOf = ({ from, to, filter, text }: z.output<typeof eventQuerySchema>): EventQuery => ({
  from,
  to,
  filters: filter,
  text,
});

const page = querySchema({
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(maxEventLimit)), 100),
  before: z._default(z.nullable(z.string().check(z.regex(/^[A-Za-z0-9._:~-]{1,200}$/))), null),
});
const columns = querySchema({
  buckets: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(maxBuckets)), 120),
});
const asFile = querySchema({
  format: z._default(z.enum(exportFormats), 'csv'),
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(maxExported)), 10_000),
});
const ofField = querySchema({
  field: z.string().check(z.refine((name) => isFieldName(name), { error: 'expected a field of an event' })),
});

/** Stored events, searched. */
export const eventRoutes = [
  route({
    method: 'GET',
    path: '/api/events',
    access: 'events:read',
    heavy: true,
    query: bothQueries(which, page),
    async handle({ query, services, view }) {
      const search = await view.search(queryOf(query), services.events);
      if (!search.ok) return search;
      const { limit, before } = query;
      return ok({ body: await services.events.list(search.value, { limit, before }) });
    },
    personal: (body, view) => view.events(body),
  }),
  route({
    method: 'GET',
    path: '/api/events/histogram',
    access: 'events:read',
    heavy: true,
    query: bothQueries(which, columns),
    async handle({ query, services, view }) {
      const search = await view.search(queryOf(query), services.events);
      if (!search.ok) return search;
      return ok({ body: await services.events.histogram(search.value, query.buckets) });
    },
    personal: 'none',
  }),
  route({
    method: 'GET',
    path: '/api/events/top',
    access: 'events:read',
    heavy: true,
    query: bothQueries(which, ofField),
    async handle({ query, services, view }) {
      const field = view.listed(query.field as FieldName);
      if (!field.ok) return field;
      const search = await view.search(queryOf(query), services.events);
      if (!search.ok) return search;
      return ok({ body: await services.events.top(search.value, field.value, topLimit) });
    },
    personal: (body, view) => view.top(body),
  }),
  route({
    method: 'GET',
    path: '/api/events/export',
    access: 'events:export',
    heavy: true,
    query: bothQueries(which, asFile),
    async handle({ query, identity, address, services, view }) {
      const { format, limit } = query;
      const asked = queryOf(query);
      const search = await view.search(asked, services.events);
      if (!search.ok) return search;
      const { events, audit, now } = services;
      const parts = { events, audit, view, identity, address, now };
      const pieces = exportEvents(parts, { asked, search: search.value, format, limit });
      const download = { fileName: exportName(format, now()), type: exportType(format), pieces };
      return ok({ body: undefined, download });
    },
    // Each event is shown on its way into the file.
    personal: 'none',
  }),
];
