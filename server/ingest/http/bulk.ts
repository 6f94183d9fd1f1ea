import { createHash } from 'node:crypto';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { ChunkReceipt } from '../source.ts';
import { refusalOf, replyText } from './elastic.ts';
import { maxItems, sampleOf, type Delivery, type Dialect, type Rejection, type Reply } from './dialect.ts';

/** Longest action line, bytes; its document is a line of its own. */
export const maxActionBytes = 8_192;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

type Operation = 'index' | 'create' | 'update' | 'delete';
const operations = new Set<string>(['index', 'create', 'update', 'delete'] satisfies Operation[]);

interface Action {
  readonly operation: Operation;
  readonly index: string | null;
  readonly id: string | null;
}

/** One item of the answer; `fault` is `null` when its document became a line. */
interface Item extends Action {
  readonly fault: { readonly type: string; readonly reason: string } | null;
}

/**
 * The `_bulk` request of Elasticsearch, as far as logs need it: `index` and `create`, each document one line, byte for byte.
 * `update`, `delete` and what is no action are errors of their items. `index` is the one that the address names.
 */
export function bulkDialect({ index }: { readonly index: string }): Dialect {
  return {
    name: 'bulk',
    read: (body) => readBulk(body, index),
    refuse: refusalOf,
  };
}

function readBulk(
  body: Uint8Array<ArrayBuffer>,
  index: string,
): Result<Delivery, 'bad-request' | 'too-large'> {
  if (body.length === 0) return fail('bad-request', 'request body is required');
  if (body.at(-1) !== lineFeed)
    return fail('bad-request', 'The bulk request must be terminated by a newline [\\n]');
  const bytes = new Uint8Array(body.length);
  const items: Item[] = [];
  const rejected: Rejection[] = [];
  let size = 0;
  for (const [action, document] of pairsOf(body)) {
    if (items.length === maxItems) return fail('too-large', `expected at most ${maxItems} items`);
    const item = itemOf(action, document);
    items.push(item);
    if (item.fault === null) {
      bytes.set(document, size);
      bytes[size + document.length] = lineFeed;
      size += document.length + 1;
    } else rejected.push({ line: items.length, reason: item.fault.reason, sample: sampleOf(action.line) });
  }
  const lines = bytes.slice(0, size);
  return ok({
    bytes: lines,
    lines: items.length - rejected.length,
    rejected,
    repeatable: items.every(({ id }) => id !== null),
    answer: (receipt) => answer(items, receipt, { index, ids: idsOf(lines) }),
  });
}

interface ActionLine {
  readonly line: Uint8Array;
  readonly action: Action | null;
}

const nothing = new Uint8Array(0);

/** Each action with its document. After a line that is no action, one that is none either is taken for its document. */
function* pairsOf(body: Uint8Array): Generator<readonly [ActionLine, Uint8Array]> {
  let waiting: ActionLine | null = null;
  let last: ActionLine | null = null;
  for (const line of linesOf(body)) {
    if (waiting === null) {
      if (line.length === 0) continue;
      // Most requests say the same action again and again.
      const next: ActionLine = last && isSame(last.line, line) ? last : { line, action: actionOf(line) };
      last = next;
      if (next.action?.operation === 'delete') yield [next, nothing];
      else waiting = next;
    } else if (waiting.action !== null || actionOf(line) === null) {
      yield [waiting, line];
      waiting = null;
    } else {
      yield [waiting, nothing];
      waiting = { line, action: actionOf(line) };
    }
  }
  if (waiting !== null) yield [waiting, nothing];
}

const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && Buffer.compare(one, other) === 0;

function* linesOf(body: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < body.length;) {
    const feed = body.indexOf(lineFeed, start);
    const next = feed < 0 ? body.length : feed;
    yield body.subarray(start, body[next - 1] === carriageReturn && next > start ? next - 1 : next);
    start = next + 1;
  }
}

function actionOf(line: Uint8Array): Action | null {
  if (line.length > maxActionBytes) return null;
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8'));
  } catch {
    return null;
  }
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const [operation, about] = entries[0] ?? [];
  if (entries.length !== 1 || operation === undefined || !operations.has(operation)) return null;
  if (typeof about !== 'object' || about === null || Array.isArray(about)) return null;
  return { operation: operation as Operation, index: textIn(about, '_index'), id: textIn(about, '_id') };
}

function textIn(value: object, name: '_index' | '_id'): string | null {
  const text: unknown = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : null;
  return typeof text === 'string' && text !== '' ? text : null;
}

function itemOf({ action, line }: ActionLine, document: Uint8Array): Item {
  if (action === null)
    return {
      operation: 'index',
      index: null,
      id: null,
      fault: {
        type: 'illegal_argument_exception',
        reason:
          line.length > maxActionBytes
            ? `Malformed action/metadata line, expected at most ${maxActionBytes} bytes`
            : 'Malformed action/metadata line, expected {"index":{…}} or {"create":{…}}',
      },
    };
  return { ...action, fault: faultOf(action, document) };
}

function faultOf({ operation }: Action, document: Uint8Array): Item['fault'] {
  if (operation !== 'index' && operation !== 'create')
    return {
      type: 'illegal_argument_exception',
      reason: `${operation} is not supported: what was logged is not changed`,
    };
  return document.length === 0
    ? { type: 'document_parsing_exception', reason: 'expected a document after the action' }
    : null;
}

/** Ids for documents that came without one: the same for the same request. */
function idsOf(lines: Uint8Array): (item: number) => string {
  const head = createHash('sha256').update(lines).digest('base64url').slice(0, 14);
  return (item) => `${head}${item.toString(36).padStart(6, '0')}`;
}

function answer(
  items: readonly Item[],
  receipt: ChunkReceipt,
  { index, ids }: { readonly index: string; readonly ids: (item: number) => string },
): Reply {
  const refused = new Map(receipt.rejected.map(({ line, reason }) => [line, reason]));
  let line = 0;
  let errors = false;
  const told = items.map((item, number) => {
    if (item.fault === null) line += 1;
    const reason = item.fault === null ? refused.get(line) : undefined;
    const error =
      item.fault ?? (reason === undefined ? null : { type: 'document_parsing_exception', reason });
    errors ||= error !== null;
    const id = item.id === null ? `"${ids(number)}"` : JSON.stringify(item.id);
    const named = `"_index":${JSON.stringify(item.index ?? index)},"_id":${id}`;
    const rest = error === null ? stored(number) : `"status":400,"error":${JSON.stringify(error)}`;
    return `{"${item.operation}":{${named},${rest}}}`;
  });
  // Written by hand: there may be very many items, and all but a few are alike.
  return replyText(200, `{"errors":${errors},"took":0,"items":[${told.join(',')}]}`);
}

const stored = (number: number): string =>
  `"_version":1,"result":"created","_shards":{"total":1,"successful":1,"failed":0},"_seq_no":${number},"_primary_term":1,"status":201`;
