import { eventFields, type FieldName } from '../../../shared/event/fields.ts';
import type { EventFilter, EventQuery } from '../../../shared/query/event-query.ts';
import { eventColumns, identifier, isRare, rareColumn } from './columns.ts';

/** SQL text and the values bound to it; outside text is only ever a bound value. */
export interface Condition {
  readonly sql: string;
  readonly params: Readonly<Record<string, string | number>>;
}

const absentOf = new Map<string, string>(eventColumns.map((column) => [column.field, column.absent]));

const wholeTarget = "if(`url.query` = '', `url.path`, concat(`url.path`, '?', `url.query`))";

/** The field as an SQL expression. */
export function expressionOf(field: FieldName): string {
  if (field === 'url.original') return wholeTarget;
  if (!isRare(field)) return identifier(field);
  const kept = `${identifier(rareColumn)}['${field}']`;
  return eventFields[field].type === 'number' ? `toFloat64OrNull(${kept})` : kept;
}

/** True, as SQL, where the source didn't say. */
export function absenceOf(field: FieldName): string {
  const rareNumber = isRare(field) && eventFields[field].type === 'number';
  const absent = rareNumber ? '\\N' : (absentOf.get(field) ?? '');
  if (absent === '\\N') return `${expressionOf(field)} IS NULL`;
  return `${expressionOf(field)} = ${absent === '' ? "''" : absent}`;
}

function equality(field: FieldName, name: string): string {
  const { type } = eventFields[field];
  if (type === 'time') return `toUnixTimestamp64Milli(${expressionOf(field)}) = {${name}:Int64}`;
  return `${expressionOf(field)} = {${name}:${type === 'number' ? 'Float64' : 'String'}}`;
}

function filterSql(filter: EventFilter, name: string): string {
  const positive = filter.value === '' ? absenceOf(filter.field) : equality(filter.field, name);
  return filter.exclude ? `NOT ifNull(${positive}, 0)` : positive;
}

/** The WHERE part of a query. */
export function conditionOf(query: EventQuery): Condition {
  const params: Record<string, string | number> = { from: query.from, to: query.to };
  const parts = [
    '`@timestamp` >= fromUnixTimestamp64Milli({from:Int64}) AND `@timestamp` < fromUnixTimestamp64Milli({to:Int64})',
  ];
  query.filters.forEach((filter, index) => {
    const name = `f${index}`;
    parts.push(filterSql(filter, name));
    if (filter.value === '') return;
    const isText =
      eventFields[filter.field].type === 'string' || eventFields[filter.field].type === 'address';
    params[name] = isText ? filter.value : Number(filter.value);
  });
  if (query.text) {
    parts.push('positionCaseInsensitiveUTF8(`event.original`, {text:String}) > 0');
    params['text'] = query.text;
  }
  return { sql: parts.map((part) => `(${part})`).join(' AND '), params };
}
