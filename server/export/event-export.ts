import type { StoredEvent } from '../../shared/api/schemas.ts';
import { eventFields, fieldNames, isFieldName } from '../../shared/event/fields.ts';
import { printQuery } from '../../shared/query/event-query.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Identity } from '../auth/identity.ts';
import type { PersonalView } from '../personal/view.ts';
import type { EventStore, StoreQuery } from '../store/events/event-store.ts';
import { csvRow } from './csv.ts';

export const exportFormats = ['csv', 'ndjson'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Events read in one go. */
const pageSize = 500;
/** How long rows are made before other work has its turn, ms. */
export const sliceMs = 5;

export interface ExportParts {
  readonly events: Pick<EventStore, 'page'>;
  readonly audit: Pick<AuditLog, 'note'>;
  readonly view: PersonalView;
  readonly identity: Identity;
  readonly address: string;
  /** Epoch ms. */
  readonly now: () => number;
}

export interface ExportOrder {
  /** As it was asked, for the audit log. */
  readonly asked: StoreQuery;
  /** As the store is asked. */
  readonly search: StoreQuery;
  readonly format: ExportFormat;
  readonly limit: number;
}

interface Format {
  readonly type: string;
  readonly head: string;
  readonly row: (event: StoredEvent) => string;
}

const valueOf = (event: StoredEvent, field: string): string | number | null => {
  const value = event[field] ?? null;
  const isTime = isFieldName(field) && eventFields[field].type === 'time';
  return isTime && typeof value === 'number' ? new Date(value).toISOString() : value;
};

const formats: Readonly<Record<ExportFormat, Format>> = {
  csv: {
    type: 'text/csv; charset=utf-8; header=present',
    head: `${fieldNames.join(',')}\r\n`,
    row: (event) => csvRow(fieldNames.map((field) => valueOf(event, field))),
  },
  ndjson: {
    type: 'application/x-ndjson',
    head: '',
    row: (event) => {
      const filled = fieldNames.map((field) => [field, valueOf(event, field)] as const);
      return `${JSON.stringify(Object.fromEntries(filled.filter(([, value]) => value !== null)))}\n`;
    },
  },
};

export const exportType = (format: ExportFormat): string => formats[format].type;

/** Name of the file: when it was made (epoch ms, UTC), and that it is for the participants only (TLP 2.0). */
export function exportName(format: ExportFormat, now: number): string {
  const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return `siaga-events-TLP-AMBER-${time}.${format}`;
}

/** The events, newest first, piece by piece. Once it ends, or is ended, the audit log is told what was handed over. */
export async function* exportEvents(parts: ExportParts, order: ExportOrder): AsyncGenerator<string, void> {
  const { head } = formats[order.format];
  let before: string | null = null;
  let count = 0;
  let isDone = false;
  try {
    if (head !== '') yield head;
    do {
      const limit = Math.min(pageSize, order.limit - count);
      const page: Awaited<ReturnType<EventStore['page']>> = await parts.events.page(order.search, {
        limit,
        before,
      });
      before = page.next;
      for (const piece of rowsOf(page.events, parts, order.format)) {
        count += piece.count;
        yield piece.rows;
        await new Promise((resolve) => void setImmediate(resolve));
      }
    } while (before !== null && count < order.limit);
    isDone = true;
  } finally {
    await note(parts, order, { count, ended: isDone ? 'done' : 'aborted' });
  }
}

/** Rows of these events, as many at once as can be made in a short time. */
function* rowsOf(
  events: readonly StoredEvent[],
  { view, now }: Pick<ExportParts, 'view' | 'now'>,
  format: ExportFormat,
): Generator<{ readonly rows: string; readonly count: number }> {
  const { row } = formats[format];
  let rows = '';
  let count = 0;
  let begun = now();
  for (const event of events) {
    rows += row(view.event(event));
    count += 1;
    if (now() - begun < sliceMs) continue;
    yield { rows, count };
    rows = '';
    count = 0;
    begun = now();
  }
  if (count > 0) yield { rows, count };
}

const note = (
  { audit, identity, address }: ExportParts,
  { asked, format }: ExportOrder,
  told: { readonly count: number; readonly ended: 'done' | 'aborted' },
): Promise<void> =>
  audit.note({
    actor: identity.name,
    agency: identity.agency,
    via: identity.kind === 'user' ? 'web' : identity.kind,
    action: 'events:exported',
    target: 'events',
    address,
    detail: { ...told, format, query: printQuery(asked).toString() },
  });
