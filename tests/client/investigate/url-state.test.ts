import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventFields, fieldNames } from '../../../shared/event/fields.ts';
import { zones } from '../../../shared/i18n/zone.ts';
import { maxFilters, printFilter } from '../../../shared/query/event-query.ts';
import {
  emptyState,
  printState,
  readState,
  withFilter,
  withoutFilter,
  type InvestigateState,
} from '../../../client/investigate/url-state.ts';

const read = (search: string) => readState(new URLSearchParams(search));

/** A lone surrogate can't stand in any address. */
const isWhole = (text: string): boolean => !/\p{Cs}/u.test(text);

const filter = fc
  .record({
    field: fc.constantFrom(...fieldNames),
    text: fc.string({ unit: 'binary', maxLength: 40 }),
    exclude: fc.boolean(),
  })
  .map(({ field, text, exclude }) => {
    const { type } = eventFields[field];
    return { field, value: type === 'number' || type === 'time' ? String(text.length) : text, exclude };
  })
  .filter(({ value }) => isWhole(value));

const range = fc.oneof(
  fc
    .integer({ min: 1, max: 400 * 86_400 })
    .map((seconds) => ({ kind: 'last' as const, ms: seconds * 1_000 })),
  fc
    .tuple(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 1, max: 400 * 86_400_000 }))
    .map(([from, length]) => ({ kind: 'between' as const, from, to: from + length })),
);

const state: fc.Arbitrary<InvestigateState> = fc.record({
  filters: fc.uniqueArray(filter, { maxLength: maxFilters, selector: printFilter }),
  text: fc.string({ unit: 'binary', maxLength: 100 }).filter(isWhole),
  range,
  zone: fc.option(fc.constantFrom(...zones)),
  selected: fc.option(fc.nat().map(String)),
});

describe('the address of an investigation', () => {
  it('says everything of a state and is read back the same', () => {
    fc.assert(
      fc.property(state, (any) => {
        const { state: back, dropped } = read(printState(any).toString());
        expect(dropped).toEqual([]);
        expect(back).toEqual(any);
      }),
    );
  });

  it('makes sense of anything', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.constantFrom('filter', 'text', 'from', 'to', 'last', 'tz', 'sel', '__proto__'),
            fc.string({ unit: 'binary', maxLength: 30 }),
          ),
          { maxLength: 30 },
        ),
        (pairs) => {
          const { state: some } = readState(new URLSearchParams(pairs));
          expect(some.filters.length).toBeLessThanOrEqual(maxFilters);
          expect(read(printState(some).toString()).dropped).toEqual([]);
        },
      ),
    );
  });

  it('is short for the last 15 minutes of everything', () => {
    expect(printState(emptyState).toString()).toBe('');
    expect(read('').state).toEqual(emptyState);
  });

  it('keeps a relative range relative', () => {
    expect(read('last=24h').state.range).toEqual({ kind: 'last', ms: 86_400_000 });
    expect(printState({ ...emptyState, range: { kind: 'last', ms: 86_400_000 } }).toString()).toBe(
      'last=24h',
    );
  });

  it.each([
    ['filter=foo:bar&filter=source.ip:203.0.113.9', ['filter=foo:bar']],
    ['filter=http.response.status_code:abc', ['filter=http.response.status_code:abc']],
    ['from=5', ['from=5']],
    ['from=9&to=5', ['from=9', 'to=5']],
    ['from=&to=', ['from=', 'to=']],
    [`from=0&to=${401 * 86_400_000}`, ['from=0', `to=${401 * 86_400_000}`]],
    ['last=9999999d', ['last=9999999d']],
    ['tz=WAT&sel=1e9', ['tz=WAT', 'sel=1e9']],
    [`text=${'x'.repeat(501)}`, [`text=${'x'.repeat(501)}`]],
    ['unknown=1', []],
  ])('leaves out and names what makes no sense: %.60s', (search, dropped) => {
    expect(read(search).dropped).toEqual(dropped);
  });

  it('takes no more filters than the server', () => {
    const search = Array.from({ length: maxFilters + 1 }, (_, index) => `filter=user.name:u${index}`).join(
      '&',
    );
    expect(read(search).state.filters).toHaveLength(maxFilters);
    expect(read(search).dropped).toEqual([`filter=user.name:u${maxFilters}`]);
  });
});

describe('filters', () => {
  const only = { field: 'user.name', value: 'budi', exclude: false } as const;
  it('are replaced by their own opposite, and not doubled', () => {
    expect(withFilter([only], { ...only, exclude: true })).toEqual([{ ...only, exclude: true }]);
    expect(withFilter([only], only)).toEqual([only]);
    expect(withoutFilter([only], { ...only, exclude: true })).toEqual([]);
  });
  it('stop at the limit of the server', () => {
    const many = Array.from({ length: maxFilters }, (_, index) => ({ ...only, value: String(index) }));
    expect(withFilter(many, only)).toBe(many);
  });
});
