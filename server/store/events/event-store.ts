import type { EventList, Histogram, StoredEvent, TopValues } from '../../../shared/api/schemas.ts';
import type { FieldName } from '../../../shared/event/fields.ts';
import type { Frame, LoginSeries } from '../../../shared/live/frame.ts';
import type { EventFilter, EventQuery } from '../../../shared/query/event-query.ts';

/** Rows of events as ClickHouse's RowBinary in the column order of `eventColumns`; one insert, whole or not at all. */
export interface EventBatch {
  readonly data: Uint8Array<ArrayBuffer>;
  /** Where each row ends in `data`. */
  readonly ends: Uint32Array<ArrayBuffer>;
}

/** Lines of a source that arrived in one minute (epoch ms of its start). */
export interface StoredMinute {
  readonly source: string;
  readonly minute: number;
  readonly stored: number;
  readonly unparsed: number;
  readonly late: number;
}

/** Lines of one file, batch or connection. */
export interface StoredOfFile {
  readonly source: string;
  readonly fileId: string;
  /** Offset of its newest stored line. */
  readonly lastLine: number;
  readonly stored: number;
  readonly unparsed: number;
  /** When the newest of them arrived, epoch ms. */
  readonly at: number;
}

export interface StoredBeyond {
  readonly minutes: readonly StoredMinute[];
  readonly files: readonly StoredOfFile[];
  /** The newest sequence; that asked for when nothing is stored beyond it. */
  readonly newest: number;
}

export interface Page {
  readonly limit: number;
  /** From the answer's `next`. */
  readonly before: string | null;
}

/** A filter as the store takes it. */
export interface StoreFilter extends EventFilter {
  /** Values of a text or address, any of which matches in the place of `value`. */
  readonly anyOf?: readonly string[];
}

export interface StoreQuery extends EventQuery {
  readonly filters: readonly StoreFilter[];
  /** Texts of an event that name its own accounts or addresses are taken for absent: they are not shown to whoever asks. */
  readonly masked?: boolean;
}

/** Where events and frames are kept. Times are epoch ms; ranges include `from` and exclude `to`. */
export interface EventStore {
  /** Resolves once the batch is durable; rejects, having stored nothing of it, when it can't be. */
  insert(batch: EventBatch): Promise<void>;
  insertFrame(frame: Frame): Promise<void>;
  /** Largest `event.sequence` and frame `seq` stored; 0 when empty. */
  newest(): Promise<{ sequence: number; frame: number }>;
  /** What is stored beyond a sequence: by source and minute of arrival, and by what it was read from. */
  storedBeyond(sequence: number, lateAfterMs: number): Promise<StoredBeyond>;
  /** Lines stored by source and minute of arrival, from `from` to `to`, up to a sequence. */
  storedByMinute(range: { from: number; to: number; sequence: number }): Promise<StoredMinute[]>;
  /** Byte offset of the last line stored from a followed file; `null` when none is. */
  lastOffset(fileId: string): Promise<number | null>;
  /** Lines stored from a file, batch or connection. */
  storedOf(fileId: string): Promise<number>;
  /**
   * What a restart must judge again: login, account and signal events and failed requests received since `from` and no history,
   * the newest `limit` of them, oldest first.
   */
  readBack(from: number, limit: number): Promise<StoredEvent[]>;
  list(query: StoreQuery, page: Page): Promise<EventList>;
  /** As `list`, without counting all that match. */
  page(query: StoreQuery, page: Page): Promise<Pick<EventList, 'events' | 'next'>>;
  histogram(query: StoreQuery, buckets: number): Promise<Histogram>;
  top(query: StoreQuery, field: FieldName, limit: number): Promise<TopValues>;
  /** Stored frames from `from` to `to`, oldest first. */
  frames(from: number, to: number): Promise<Frame[]>;
  /** Login attempts summed from the stored frames, and how many seconds of each bucket have one. */
  loginSeries(from: number, to: number, bucketMs: number): Promise<LoginSeries>;
  close(): Promise<void>;
}
