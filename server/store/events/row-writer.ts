import type { SiagaEvent } from '../../../shared/event/fields.ts';
import { Cells } from './cells.ts';
import { rareFields } from './columns.ts';
import type { EventBatch } from './event-store.ts';

/** Writes events as rows of ClickHouse's RowBinary, in the order of `eventColumns`. */
export interface RowWriter {
  /** With `bytes` each character of its texts stands for one byte of a line that is no valid UTF-8. */
  add(event: SiagaEvent, bytes: boolean): void;
  rows(): number;
  /** Bytes written. */
  size(): number;
  /** What was added; the next row begins a new batch. */
  take(): EventBatch;
}

export function createRowWriter(): RowWriter {
  const cells = new Cells();
  const text: Text = (value) => cells.text(value);
  const bytesOf: Text = (value) => cells.bytes(value);
  let ends: number[] = [];
  return {
    add: (event, bytes) => {
      writeRow(cells, event, bytes ? bytesOf : text);
      ends.push(cells.size());
    },
    rows: () => ends.length,
    size: () => cells.size(),
    take: () => {
      const batch = { data: cells.take(), ends: new Uint32Array(ends) };
      ends = [];
      return batch;
    },
  };
}

/** Events as one batch. */
export function batchOf(events: readonly SiagaEvent[]): EventBatch {
  const writer = createRowWriter();
  for (const event of events) writer.add(event, false);
  return writer.take();
}

type Text = (value: string | null) => void;

/** Written out column by column because this runs for every line; a test holds it to `eventColumns`. */
function writeRow(cells: Cells, e: SiagaEvent, text: Text): void {
  cells.i64(e['@timestamp']);
  cells.i64(e['event.ingested']);
  cells.i64(e['event.sequence']);
  text(e['event.kind']);
  text(e['event.dataset']);
  text(e['event.category']);
  text(e['event.type']);
  text(e['event.action']);
  text(e['event.outcome']);
  text(e['event.reason']);
  writeScore(cells, e['event.risk_score']);
  text(e['error.message']);
  text(e['siaga.source']);
  text(e['log.file.id']);
  cells.i64(e['log.offset'] ?? -1);
  text(e['source.ip']);
  text(e['source.geo.country_iso_code']);
  cells.u32(e['source.as.number'] ?? 0);
  // Looked up, so it is text also where the line is none.
  cells.text(e['source.as.organization.name']);
  text(e['user.name']);
  text(e['user.target.name']);
  text(e['user.roles']);
  text(e['organization.id']);
  text(e['siaga.party.kind']);
  text(e['http.request.method']);
  text(e['url.path']);
  text(e['url.query']);
  text(e['url.domain']);
  text(e['http.version']);
  cells.u16(e['http.response.status_code'] ?? 0);
  cells.i64(e['http.response.body.bytes'] ?? -1);
  text(e['http.request.referrer']);
  text(e['user_agent.original']);
  text(e['siaga.client.class']);
  text(e['rule.name']);
  text(e['siaga.signal.subject']);
  writeRare(cells, e, text);
  text(e['event.original']);
}

function writeScore(cells: Cells, score: number | null): void {
  cells.u8(score === null ? 1 : 0);
  if (score !== null) cells.f32(score);
}

function writeRare(cells: Cells, event: SiagaEvent, text: Text): void {
  let count = 0;
  for (const field of rareFields) if (event[field] !== null) count += 1;
  cells.length(count);
  if (count === 0) return;
  for (const field of rareFields) {
    const value = event[field];
    if (value === null) continue;
    cells.text(field);
    text(String(value));
  }
}
