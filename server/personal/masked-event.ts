import type { StoredEvent } from '../../shared/api/schemas.ts';
import { isFieldName, type FieldName } from '../../shared/event/fields.ts';
import { fieldsOfClass, personalFields, withheldText } from '../../shared/event/personal-fields.ts';
import { maskLine, maskText } from './mask-text.ts';
import { nothingOwn, spellOwn, type OwnSpellings } from './own-spellings.ts';
import type { Pseudonyms } from './pseudonyms.ts';

const naming = [...fieldsOfClass('address'), ...fieldsOfClass('account'), ...fieldsOfClass('subject')];

/** The value of a field for somebody without `personal:read`, outside of its event. */
export function maskValue(field: FieldName, value: string, names: Pseudonyms): string {
  return valueAmong(field, value, names, nothingOwn);
}

function valueAmong(field: FieldName, value: string, names: Pseudonyms, own: OwnSpellings): string {
  switch (personalFields[field]) {
    case 'plain':
      return value;
    case 'address':
      return names.address(value);
    case 'account':
      return names.account(value);
    case 'subject':
      return names.subject(value);
    case 'word':
      return maskText(value);
    case 'text':
      return maskTarget(value, own);
    case 'line':
    case 'withheld':
      return withheldText;
    default:
      return personalFields[field] satisfies never;
  }
}

/** A text of which what follows a `?` is withheld, as `url.query` is, and who signs in by an address. */
function maskTarget(text: string, own: OwnSpellings): string {
  const [head = '', query] = text.split(/\?(.*)/s, 2);
  const masked = maskText(head.replace(/\/\/[^/]*@/, '//'), own);
  return query ? `${masked}?${withheldText}` : masked;
}

/** An event for somebody without `personal:read`; the same fields are filled as before. */
export function maskEvent(event: StoredEvent, names: Pseudonyms): StoredEvent {
  const own = ownOf(event, names);
  const masked: StoredEvent = {};
  for (const [field, value] of Object.entries(event)) {
    if (!isFieldName(field)) continue;
    masked[field] = typeof value === 'string' ? valueAmong(field, value, names, own) : value;
  }
  const line = event['event.original'];
  if (typeof line !== 'string') return masked;
  // Of a line that no parser understood nobody knows which word is a name.
  const shown = event['event.dataset'] === 'unparsed' ? [] : shownTexts(masked);
  return { ...masked, 'event.original': maskLine(line, own, shown) };
}

const shownTexts = (masked: StoredEvent): string[] =>
  Object.entries(masked).flatMap(([field, value]) => {
    const kind = isFieldName(field) ? personalFields[field] : 'withheld';
    return value !== null && (kind === 'plain' || kind === 'word' || kind === 'text') ? [String(value)] : [];
  });

const ownOf = (event: StoredEvent, names: Pseudonyms): OwnSpellings =>
  spellOwn(
    naming.flatMap((field) => {
      const value = event[field];
      if (typeof value !== 'string' || value === '') return [];
      return [{ value, pseudonym: maskValue(field, value, names) }];
    }),
  );
