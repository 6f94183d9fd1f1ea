import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cells } from '../../../../server/store/events/cells.ts';
import { eventColumns, isRare, rareColumn } from '../../../../server/store/events/columns.ts';
import { misfitOf } from '../../../../server/store/events/misfit.ts';
import { batchOf, createRowWriter } from '../../../../server/store/events/row-writer.ts';
import { emptyEvent } from '../../../../shared/event/empty-event.ts';
import { eventFields, fieldNames, type FieldName, type SiagaEvent } from '../../../../shared/event/fields.ts';
import { eventsIn } from './events-in.ts';

const noon = Date.parse('2026-11-24T05:00:00.123Z');
const columns = new Set<string>(eventColumns.map(({ field }) => field));
const isStored = (name: FieldName): boolean => columns.has(name) || isRare(name);

/** An event in which every field has a value of its own. */
function fullEvent(): SiagaEvent {
  const event = emptyEvent() as Record<string, string | number | null>;
  fieldNames.forEach((name, index) => {
    const { type } = eventFields[name];
    event[name] = type === 'time' ? noon + index : type === 'number' ? 100 + index : `v${index}`;
  });
  return event as SiagaEvent;
}

/** The event as it comes back: what is rare as text, and what is no column not at all. */
const stored = (event: SiagaEvent): SiagaEvent =>
  Object.fromEntries(
    fieldNames.map((name) => {
      if (!isStored(name)) return [name, emptyEvent()[name]];
      return [name, isRare(name) && event[name] !== null ? String(event[name]) : event[name]];
    }),
  ) as SiagaEvent;

describe('a row', () => {
  it('holds each field in its column', () => {
    expect(columns.has(rareColumn)).toBe(true);
    expect(eventsIn(batchOf([fullEvent(), emptyEvent(), fullEvent()]))).toEqual(
      [fullEvent(), emptyEvent(), fullEvent()].map(stored),
    );
  });

  it.each(fieldNames.filter((name) => !('required' in eventFields[name]) && isStored(name)))(
    'tells a missing %s from one that is there',
    (name) => {
      const without = { ...fullEvent(), [name]: null };
      const alone = { ...emptyEvent(), [name]: fullEvent()[name] };
      expect(eventsIn(batchOf([without, alone]))).toEqual([without, alone].map(stored));
    },
  );

  it('keeps any text and any whole number', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.string({ unit: 'binary-ascii', maxLength: 20_000 }),
      fc.constantFrom('x'.repeat(127), 'x'.repeat(128), '\u00e9'.repeat(64), '\u20ac'.repeat(5_462)),
    );
    fc.assert(
      fc.property(text, text, fc.maxSafeInteger(), (line, path, bytes) => {
        const event = {
          ...emptyEvent(),
          'event.original': line,
          'url.path': path,
          'http.response.body.bytes': bytes,
        };
        const [back] = eventsIn(batchOf([event]));
        // Half of a surrogate pair is no text: it comes back as the character that stands for such.
        const asBytes = (each: string) => Buffer.from(each, 'utf8').toString('latin1');
        expect(back?.['event.original']).toBe(asBytes(line));
        expect(back?.['url.path'] ?? '').toBe(asBytes(path));
        expect(back?.['http.response.body.bytes'] ?? -1).toBe(bytes);
      }),
    );
  });

  it('keeps each byte of a line that is no UTF-8, and what was looked up as text', () => {
    const writer = createRowWriter();
    const line = Array.from({ length: 256 }, (_value, byte) => String.fromCharCode(byte)).join('');
    const event = {
      ...emptyEvent(),
      'event.original': line,
      message: '\xff',
      'source.as.organization.name': '\xe9',
    };
    writer.add(event, true);
    expect(eventsIn(writer.take())).toMatchObject([
      { 'event.original': line, message: '\xff', 'source.as.organization.name': '\xc3\xa9' },
    ]);
  });

  it('goes on in a larger buffer when the first is full', () => {
    const events = Array.from({ length: 400 }, (_value, index) => ({
      ...emptyEvent(),
      'event.original': `${index}`.padEnd(30_000, 'x'),
    }));
    const lines = eventsIn(batchOf(events)).map((event) => event['event.original']);
    expect(lines).toEqual(events.map((event) => event['event.original']));
  });

  it('takes no more room for being one of many batches', () => {
    const writer = createRowWriter();
    const rooms = Array.from({ length: 40 }, () => {
      writer.add({ ...emptyEvent(), 'event.original': 'x'.repeat(1_000) }, false);
      return writer.take().data.buffer.byteLength;
    });
    expect(new Set(rooms)).toEqual(new Set([4 * 1_048_576]));
  });

  it('is not part of the batch that was taken before', () => {
    const writer = createRowWriter();
    writer.add(fullEvent(), false);
    const first = writer.take();
    writer.add(emptyEvent(), false);
    expect([first, writer.take()].map(eventsIn)).toEqual([[stored(fullEvent())], [emptyEvent()]]);
    expect(writer.take().ends).toHaveLength(0);
  });
});

describe('a cell', () => {
  it.each([0, 1, -1, 2 ** 31, 2 ** 32, -(2 ** 33) - 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])(
    'of 64 bits holds %d',
    (value) => {
      const cells = new Cells();
      cells.i64(value);
      expect(Buffer.from(cells.take()).readBigInt64LE()).toBe(BigInt(value));
    },
  );
});

describe('what no column can hold', () => {
  it.each([
    ['http.response.status_code', 1.5, 'a whole number from 0 to 65535'],
    ['http.response.status_code', 65_536, 'a whole number from 0 to 65535'],
    ['http.response.status_code', -1, 'a whole number from 0 to 65535'],
    ['http.response.body.bytes', 2 ** 60, 'a whole number from -9007199254740991'],
    ['event.risk_score', 1e39, 'a number from'],
    ['event.risk_score', Number.NaN, 'a number from'],
    ['@timestamp', 1e15, 'a whole number from'],
  ] as const)('is named: %s of %d', (field, value, expected) => {
    expect(misfitOf({ ...emptyEvent(), [field]: value })).toMatch(
      `${field} is ${value}; expected ${expected}`,
    );
  });

  it('is nothing of an ordinary event', () => {
    expect(misfitOf(emptyEvent())).toBeNull();
    expect(misfitOf({ ...fullEvent(), 'event.risk_score': 0.5 })).toBeNull();
  });
});
