import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FieldText, type Current } from '../../../../server/detect/match/field-text.ts';
import { createNeedleScanner } from '../../../../server/detect/match/needle-scanner.ts';
import { eventOf } from '../sigma-events.ts';

describe('the needle scanner', () => {
  it('marks the groups of which a needle occurs, overlapping ones too', () => {
    const scanner = createNeedleScanner([['she'], ['he', 'x'], ['hers'], ['his']]);
    const found = new Uint8Array(4);
    expect(scanner.scan('USHERS', found)).toBe(true);
    expect([...found]).toEqual([1, 1, 1, 0]);
  });

  it('says that it knows nothing of a text outside ASCII', () => {
    expect(createNeedleScanner([['k']]).scan('\u212a', new Uint8Array(1))).toBe(false);
  });

  it('finds nothing when it has no needles', () => {
    const found = new Uint8Array(1);
    expect(createNeedleScanner([[]]).scan('anything', found)).toBe(true);
    expect([...found]).toEqual([0]);
  });
});

const letters = fc.string({
  unit: fc.constantFrom('a', 'A', 'b', 'B', '$', '{', '%', '2', 'İ', 'ß', '\u212a', 'k', 'é'),
});
const needle = letters.filter((text) => text !== '');

describe('containment in a field', () => {
  it('is that of the lower-case texts, whatever the needles and the text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(needle, { maxLength: 4 }), { maxLength: 4 }),
        fc.array(letters),
        (groups, texts) => {
          const current: Current = { event: eventOf({}), turn: 0 };
          const field = new FieldText(current, 'url.original');
          const lowered = groups.map((needles) => needles.map((text) => text.toLowerCase()));
          const numbers = lowered.map((needles) => field.addNeedles(needles));
          for (const text of texts) {
            current.turn += 1;
            current.event = eventOf({ 'url.original': text });
            for (const [index, number] of numbers.entries()) {
              const expected = (lowered[index] ?? []).some((one) => text.toLowerCase().includes(one));
              expect(field.containsAny(number)).toBe(expected);
            }
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
