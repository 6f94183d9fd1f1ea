import type { ClickHouseClient } from '@clickhouse/client';

/** Rows of a query as objects; values from outside go in by `params` only (`{name:Type}` in the SQL). */
export async function selectRows<T>(
  client: ClickHouseClient,
  query: string,
  params: Readonly<Record<string, string | number | readonly string[]>> = {},
): Promise<T[]> {
  const answer = await client.query({ query, query_params: params, format: 'JSONEachRow' });
  return answer.json<T>();
}
