import { eventFields, type FieldName } from '../../../shared/event/fields.ts';
import { fieldsOfClass, personalFields } from '../../../shared/event/personal-fields.ts';
import { absentOf, identifier, isRare, rareColumn } from './columns.ts';
import type { StoreFilter, StoreQuery } from './event-store.ts';

/** SQL text and the values bound to it; outside text is only ever a bound value. */
export interface Condition {
  readonly sql: string;
  readonly params: Readonly<Record<string, string | number | readonly string[]>>;
}

const wholeTarget = "if(`url.query` = '', `url.path`, concat(`url.path`, '?', `url.query`))";

/** The field as an SQL expression. */
export function expressionOf(field: FieldName): string {
  if (field === 'url.original') return wholeTarget;
  if (!isRare(field)) return identifier(field);
  const kept = `${identifier(rareColumn)}['${field}']`;
  return eventFields[field].type === 'number' ? `toFloat64OrNull(${kept})` : kept;
}

const naming = (['account', 'subject', 'address'] as const).flatMap(fieldsOfClass);

/** The field as it is compared and listed where personal data isn't shown: absent when it names the event's own. */
function maskedExpression(field: FieldName): string {
  if (personalFields[field] !== 'text') return expressionOf(field);
  const text = `lowerUTF8(decodeURLComponent(${expressionOf(field)}))`;
  const named = naming.map((name) => {
    const whole = `lowerUTF8(${expressionOf(name)})`;
    // Of `siti@kpu.example` and `KPU\siti` the name; a short one is part of many words, and looked for as a word of its own.
    const part = `arrayElement(splitByRegexp('[\\\\\\\\/]', splitByChar('@', ${whole})[1]), -1)`;
    const isIn = `if(length(${part}) < 3, has(splitByNonAlpha(${text}), ${part}), position(${text}, ${part}) > 0)`;
    return `(${whole} != '' AND ${isIn})`;
  });
  return `if(${named.join(' OR ')}, '', ${expressionOf(field)})`;
}

/** The expression of a field for a search. */
export const shownExpression = (field: FieldName, { masked }: Pick<StoreQuery, 'masked'>): string =>
  masked === true ? maskedExpression(field) : expressionOf(field);

/** True, as SQL, where the source didn't say; of a text, where `expression` of it is empty. */
export function absenceOf(field: FieldName, expression = expressionOf(field)): string {
  const rareNumber = isRare(field) && eventFields[field].type === 'number';
  if (rareNumber || absentOf.get(field) === null) return `${expression} IS NULL`;
  const absent = absentOf.get(field) ?? '';
  return `${expression} = ${absent === '' ? "''" : absent}`;
}

function equality(expression: string, filter: StoreFilter, name: string): string {
  const { type } = eventFields[filter.field];
  if (filter.anyOf) return `${expression} IN {${name}:Array(String)}`;
  if (type === 'time') return `toUnixTimestamp64Milli(${expression}) = {${name}:Int64}`;
  return `${expression} = {${name}:${type === 'number' ? 'Float64' : 'String'}}`;
}

function filterSql(filter: StoreFilter, name: string, query: StoreQuery): string {
  const expression = shownExpression(filter.field, query);
  const positive =
    filter.value === '' ? absenceOf(filter.field, expression) : equality(expression, filter, name);
  return filter.exclude ? `NOT ifNull(${positive}, 0)` : positive;
}

/** The WHERE part of a query. */
export function conditionOf(query: StoreQuery): Condition {
  const params: Record<string, string | number | readonly string[]> = { from: query.from, to: query.to };
  const parts = [
    '`@timestamp` >= fromUnixTimestamp64Milli({from:Int64}) AND `@timestamp` < fromUnixTimestamp64Milli({to:Int64})',
  ];
  query.filters.forEach((filter, index) => {
    const name = `f${index}`;
    parts.push(filterSql(filter, name, query));
    if (filter.value === '') return;
    const isText =
      eventFields[filter.field].type === 'string' || eventFields[filter.field].type === 'address';
    params[name] = filter.anyOf ?? (isText ? filter.value : Number(filter.value));
  });
  if (query.text) {
    parts.push('positionCaseInsensitiveUTF8(`event.original`, {text:String}) > 0');
    params['text'] = query.text;
  }
  return { sql: parts.map((part) => `(${part})`).join(' AND '), params };
}
