import type { ClickHouseClient } from '@clickhouse/client';
import type { StoredBeyond, StoredMinute, StoredOfFile } from './event-store.ts';
import { selectRows } from './select-rows.ts';

const minute = 'toFloat64(intDiv(toUnixTimestamp64Milli(`event.ingested`), 60000) * 60000) AS minute';
const counts = `toFloat64(count()) AS stored, toFloat64(countIf(\`event.dataset\` = 'unparsed')) AS unparsed`;

/** See `EventStore.storedBeyond`. */
export async function storedBeyond(
  client: ClickHouseClient,
  sequence: number,
  lateAfterMs: number,
): Promise<StoredBeyond> {
  const params = { sequence, lateAfterMs };
  const beyond = '`event.sequence` > {sequence:UInt64}';
  const late =
    "toFloat64(countIf(`siaga.rare`['siaga.history'] = '' AND `event.dataset` != 'unparsed' AND toUnixTimestamp64Milli(`event.ingested`) - toUnixTimestamp64Milli(`@timestamp`) > {lateAfterMs:Int64})) AS late";
  const minutes = await selectRows<StoredMinute>(
    client,
    `SELECT \`siaga.source\` AS source, ${minute}, ${counts}, ${late} FROM events WHERE ${beyond} GROUP BY source, minute`,
    params,
  );
  const files = await selectRows<StoredOfFile>(
    client,
    `SELECT \`siaga.source\` AS source, \`log.file.id\` AS fileId, toFloat64(max(\`log.offset\`)) AS lastLine, ${counts},
       toFloat64(max(toUnixTimestamp64Milli(\`event.ingested\`))) AS at
     FROM events WHERE ${beyond} AND \`log.file.id\` != '' GROUP BY source, fileId`,
    params,
  );
  const newest = await selectRows<{ n: number }>(
    client,
    'SELECT toFloat64(max(`event.sequence`)) AS n FROM events',
  );
  return { minutes, files, newest: Math.max(sequence, newest[0]?.n ?? 0) };
}

/** See `EventStore.storedByMinute`. */
export function storedByMinute(
  client: ClickHouseClient,
  range: { from: number; to: number; sequence: number },
): Promise<StoredMinute[]> {
  return selectRows<StoredMinute>(
    client,
    `SELECT \`siaga.source\` AS source, ${minute}, ${counts}, toFloat64(0) AS late FROM events
     WHERE \`event.ingested\` >= fromUnixTimestamp64Milli({from:Int64}) AND \`event.ingested\` < fromUnixTimestamp64Milli({to:Int64})
       AND \`event.sequence\` <= {sequence:UInt64}
     GROUP BY source, minute ORDER BY minute, source`,
    range,
  );
}

/** See `EventStore.storedOf`. */
export async function storedOf(client: ClickHouseClient, fileId: string): Promise<number> {
  const rows = await selectRows<{ n: number }>(
    client,
    'SELECT toFloat64(count()) AS n FROM events WHERE `log.file.id` = {fileId:String}',
    { fileId },
  );
  return rows[0]?.n ?? 0;
}
