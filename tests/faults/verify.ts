import { join } from 'node:path';
import { balance } from '../../server/coverage/balance.ts';
import { booksSequence } from '../../server/coverage/book-page.ts';
import { openEmbedded } from '../../server/store/events/clickhouse-connection.ts';
import { openEmbeddedEventStore } from '../../server/store/events/clickhouse-event-store.ts';
import { selectRows } from '../../server/store/events/select-rows.ts';
import { readMeta } from '../../server/store/state/ledger-rows.ts';
import { openStateStore } from '../../server/store/state/state-store.ts';
import type { Ledger } from '../../shared/api/ledger.ts';

/** What a stopped server has left: how often each numbered line is stored, and what its books say. */
export interface Remains {
  readonly stored: number;
  readonly distinct: number;
  /** Numbers from 0 that are not stored. */
  readonly missing: readonly number[];
  /** Numbers stored more than once, at most 20. */
  readonly doubled: readonly number[];
  readonly ledger: Ledger;
}

const numberOf = "toUInt64OrNull(extract(`event.original`, '/n/([0-9]+)'))";

/** Looks into the data folder of a stopped server; lines of a source carry their number as `/n/<number>`. */
export async function inspect(dataDir: string, source: string, expected: number): Promise<Remains> {
  const ledger = await ledgerOf(dataDir);
  const connection = await openEmbedded(join(dataDir, 'events'));
  try {
    const ask = <T>(sql: string) => selectRows<T>(connection.reader, sql, { source, expected });
    const where = 'FROM events WHERE `siaga.source` = {source:String}';
    const [counts] = await ask<{ stored: number; distinct: number }>(
      `SELECT toFloat64(count()) AS stored, toFloat64(uniqExact(${numberOf})) AS distinct ${where}`,
    );
    const doubled = await ask<{ n: number }>(
      `SELECT toFloat64(${numberOf}) AS n ${where} GROUP BY n HAVING count() > 1 ORDER BY n LIMIT 20`,
    );
    const missing = await ask<{ n: number }>(
      `SELECT toFloat64(number) AS n FROM numbers({expected:UInt64})
       WHERE number NOT IN (SELECT assumeNotNull(${numberOf}) ${where} AND ${numberOf} IS NOT NULL) ORDER BY n`,
    );
    return {
      stored: counts?.stored ?? 0,
      distinct: counts?.distinct ?? 0,
      missing: missing.map(({ n }) => n),
      doubled: doubled.map(({ n }) => n),
      ledger,
    };
  } finally {
    await connection.close();
  }
}

async function ledgerOf(dataDir: string): Promise<Ledger> {
  const state = await openStateStore({ file: join(dataDir, 'state.sqlite') });
  const events = await openEmbeddedEventStore(join(dataDir, 'events'));
  try {
    const sequence = (await readMeta(state.db, booksSequence)) ?? 0;
    return await balance(
      {
        db: state.db,
        events,
        books: { read: (query) => query(sequence) },
        pending: () => new Map(),
        now: () => Date.now(),
      },
      { from: Date.now() - 3_600_000, to: Date.now() + 60_000 },
    );
  } finally {
    await events.close();
    await state.close();
  }
}

/** One access-log line with a number. */
export function numberedLine(number: number): string {
  const address = `203.0.113.${number % 250}`;
  return `${address} - - [24/Nov/2026:13:52:04 +0700] "GET /n/${number} HTTP/1.1" 200 5120 "https://sipol.example/" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"\n`;
}

/** A seeded source of chance, so that a failing run can be had again. */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));
