import { describe, expect, it } from 'vitest';
import { eventColumns, rareColumn, rareFields } from '../../../../server/store/events/columns.ts';
import { encodeRow } from '../../../../server/store/events/encode-row.ts';
import { emptyEvent } from '../../../../shared/event/empty-event.ts';
import { eventFields, fieldNames, type SiagaEvent } from '../../../../shared/event/fields.ts';

const plain = { bytes: false, clean: false };
const clean = { bytes: false, clean: true };
const noon = Date.parse('2026-11-24T05:00:00.123Z');

/** An event in which every field has a value of its own. */
function fullEvent(): SiagaEvent {
  const event = emptyEvent() as Record<string, string | number | null>;
  fieldNames.forEach((name, index) => {
    const { type } = eventFields[name];
    event[name] = type === 'time' ? noon + index : type === 'number' ? 100 + index : `v${index}`;
  });
  return event as SiagaEvent;
}

describe('a row', () => {
  it('has a cell for each column, in their order', () => {
    const event = fullEvent();
    const cells = encodeRow(event, plain).slice(0, -1).split('\t');
    const kept = rareFields.map((field) => `'${field}':'${event[field]}'`).join(',');
    expect(cells).toEqual(
      eventColumns.map(({ field }) => {
        if (field === rareColumn) return `{${kept}}`;
        const value = event[field];
        return eventFields[field].type === 'time' ? (Number(value) / 1_000).toFixed(3) : String(value);
      }),
    );
  });

  it('is the same when nothing of the line needs escaping', () => {
    for (const event of [emptyEvent(), fullEvent(), { ...fullEvent(), message: null }])
      expect(encodeRow(event, clean)).toBe(encodeRow(event, plain));
    for (const name of fieldNames.filter((each) => !('required' in eventFields[each])))
      for (const event of [
        { ...fullEvent(), [name]: null },
        { ...emptyEvent(), [name]: fullEvent()[name] },
      ])
        expect(encodeRow(event, clean)).toBe(encodeRow(event, plain));
  });

  it('escapes what was looked up and what is rare, whatever the line', () => {
    const event = { ...emptyEvent(), 'source.as.organization.name': 'a\tb\\', message: "it's\n" };
    expect(encodeRow(event, clean)).toBe(encodeRow(event, plain));
    expect(encodeRow(event, clean)).toContain('a\\tb\\\\');
  });
});
