import type { ClickHouseClient } from '@clickhouse/client';
import type { EventList, Histogram, StoredEvent, TopValues } from '../../../shared/api/schemas.ts';
import { eventFields, type FieldName } from '../../../shared/event/fields.ts';
import { bucketStarts, bucketWidth } from './buckets.ts';
import { absentOf, eventColumns, identifier, rareColumn, rareFields } from './columns.ts';
import { absenceOf, conditionOf, shownExpression } from './condition-sql.ts';
import type { Page, StoreQuery } from './event-store.ts';
import { selectRows } from './select-rows.ts';

type Cell = string | number | null;
type Row = readonly (Cell | Record<string, string>)[];

const isText = (field: FieldName): boolean =>
  eventFields[field].type === 'string' || eventFields[field].type === 'address';

/** 64-bit numbers come as floats: exact to 2^53, which no offset, size or sequence reaches. */
const selectList = eventColumns
  .map(({ field, type }) => {
    if (field === rareColumn) return identifier(field);
    if (eventFields[field].type === 'time') return `toFloat64(toUnixTimestamp64Milli(${identifier(field)}))`;
    return /^U?Int64/.test(type) ? `toFloat64(${identifier(field)})` : identifier(field);
  })
  .join(', ');

function storedEvent(row: Row): StoredEvent {
  const event: StoredEvent = {};
  eventColumns.forEach(({ field }, index) => {
    const value = row[index] ?? null;
    if (typeof value === 'object' && value !== null) Object.assign(event, rareValues(value));
    else event[field] = value === absentOf.get(field) ? null : value;
  });
  const path = event['url.path'];
  if (typeof path === 'string') {
    event['url.original'] = event['url.query'] ? `${path}?${event['url.query']}` : path;
  }
  return event;
}

function rareValues(kept: Record<string, string>): StoredEvent {
  const values: StoredEvent = {};
  for (const field of rareFields) {
    const value = Object.hasOwn(kept, field) ? (kept[field] ?? null) : null;
    values[field] = value === null || isText(field) ? value : Number(value);
  }
  return values;
}

/** `time:sequence` of the last row of a page. */
function cursorOf(before: string | null): { time: number; sequence: number } | null {
  const match = /^(\d{1,15}):(\d{1,16})$/.exec(before ?? '');
  return match ? { time: Number(match[1]), sequence: Number(match[2]) } : null;
}

/** Newest first, not counted. */
export async function pageOfEvents(
  client: ClickHouseClient,
  query: StoreQuery,
  page: Page,
): Promise<Pick<EventList, 'events' | 'next'>> {
  const condition = conditionOf(query);
  const cursor = cursorOf(page.before);
  const after = cursor
    ? 'AND (toUnixTimestamp64Milli(`@timestamp`), `event.sequence`) < ({time:Int64}, {sequence:UInt64}) AND `@timestamp` <= fromUnixTimestamp64Milli({time:Int64})'
    : '';
  const answer = await client.query({
    query: `SELECT ${selectList} FROM events WHERE ${condition.sql} ${after}
      ORDER BY \`@timestamp\` DESC, \`event.sequence\` DESC LIMIT {limit:UInt32}`,
    query_params: { ...condition.params, ...cursor, limit: page.limit },
    format: 'JSONCompactEachRow',
  });
  const events = ((await answer.json()) as unknown as Row[]).map(storedEvent);
  const last = events.at(-1);
  return {
    events,
    next: last && events.length === page.limit ? `${last['@timestamp']}:${last['event.sequence']}` : null,
  };
}

/** Newest first. */
export async function listEvents(
  client: ClickHouseClient,
  query: StoreQuery,
  page: Page,
): Promise<EventList> {
  const started = performance.now();
  const condition = conditionOf(query);
  const listed = await pageOfEvents(client, query, page);
  const counted = await selectRows<{ n: number }>(
    client,
    `SELECT toFloat64(count()) AS n FROM events WHERE ${condition.sql}`,
    condition.params,
  );
  return { ...listed, total: counted[0]?.n ?? 0, tookMs: performance.now() - started };
}

/** See `EventStore.readBack`. */
export async function readBack(
  client: ClickHouseClient,
  from: number,
  limit: number,
): Promise<StoredEvent[]> {
  const answer = await client.query({
    query: `SELECT ${selectList} FROM events
      WHERE \`event.ingested\` >= fromUnixTimestamp64Milli({from:Int64})
        AND \`siaga.rare\`['siaga.history'] = ''
        AND (\`event.dataset\` IN ('account', 'signal') OR \`event.action\` != '' OR \`http.response.status_code\` >= 400)
      ORDER BY \`event.sequence\` DESC LIMIT {limit:UInt32}`,
    query_params: { from, limit },
    format: 'JSONCompactEachRow',
  });
  const rows = (await answer.json()) as unknown as Row[];
  return rows.map(storedEvent).reverse();
}

interface HistogramRow {
  start: number;
  success: number;
  failure: number;
  blocked: number;
  other: number;
}

const isLogin = "`event.action` = 'user-login'";

export async function histogram(
  client: ClickHouseClient,
  query: StoreQuery,
  buckets: number,
): Promise<Histogram> {
  const started = performance.now();
  const bucketMs = bucketWidth(query.from, query.to, buckets);
  const condition = conditionOf(query);
  const rows = await selectRows<HistogramRow>(
    client,
    `SELECT toFloat64(intDiv(toUnixTimestamp64Milli(\`@timestamp\`), {bucketMs:Int64}) * {bucketMs:Int64}) AS start,
       toFloat64(countIf(${isLogin} AND \`event.outcome\` = 'success')) AS success,
       toFloat64(countIf(${isLogin} AND \`event.outcome\` != 'success' AND \`event.type\` != 'denied')) AS failure,
       toFloat64(countIf(${isLogin} AND \`event.outcome\` != 'success' AND \`event.type\` = 'denied')) AS blocked,
       toFloat64(countIf(NOT ${isLogin})) AS other
     FROM events WHERE ${condition.sql} GROUP BY start`,
    { ...condition.params, bucketMs },
  );
  const byStart = new Map(rows.map((row) => [row.start, row]));
  const at = bucketStarts(query.from, query.to, bucketMs);
  const column = (key: keyof HistogramRow): number[] => at.map((start) => byStart.get(start)?.[key] ?? 0);
  return {
    bucketMs,
    at,
    success: column('success'),
    failure: column('failure'),
    blocked: column('blocked'),
    other: column('other'),
    tookMs: performance.now() - started,
  };
}

interface TopOf {
  field: FieldName;
  limit: number;
}

/** Most frequent values of a field, absent ones left out. */
export async function topValues(
  client: ClickHouseClient,
  query: StoreQuery,
  { field, limit }: TopOf,
): Promise<TopValues> {
  const condition = conditionOf(query);
  const shown = shownExpression(field, query);
  const value = eventFields[field].type === 'time' ? `toUnixTimestamp64Milli(${shown})` : shown;
  const where = `${condition.sql} AND NOT ifNull(${absenceOf(field, shown)}, 0)`;
  // Of values as frequent as each other an order by the value would tell of it.
  const order = query.masked === true ? 'sipHash64(value)' : 'value';
  const values = await selectRows<{ value: string; n: number }>(
    client,
    `SELECT toString(${value}) AS value, toFloat64(count()) AS n FROM events WHERE ${where}
     GROUP BY value ORDER BY n DESC, ${order} LIMIT {limit:UInt32}`,
    { ...condition.params, limit },
  );
  const distinct = await selectRows<{ n: number }>(
    client,
    `SELECT toFloat64(uniq(${value})) AS n FROM events WHERE ${where}`,
    condition.params,
  );
  return {
    field,
    values: values.map((row) => ({ value: row.value, count: row.n })),
    distinct: distinct[0]?.n ?? 0,
  };
}
