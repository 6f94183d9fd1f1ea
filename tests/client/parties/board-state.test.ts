import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  boardFilters,
  boardSorts,
  boardViews,
  printBoardState,
  readBoardState,
} from '../../../client/parties/board-state.ts';

const usual = readBoardState(new URLSearchParams());

describe('the address of the board', () => {
  test('is empty for what is usual', () => {
    expect(usual).toEqual({
      view: 'tiles',
      sort: 'party',
      reversed: false,
      show: 'all',
      text: '',
      party: null,
    });
    expect(printBoardState(usual).toString()).toBe('');
  });

  test('says all that is shown, and is read as it was written', () => {
    const states = fc.record({
      view: fc.constantFrom(...boardViews),
      sort: fc.constantFrom(...boardSorts),
      reversed: fc.boolean(),
      show: fc.constantFrom(...boardFilters),
      text: fc.string({ maxLength: 100 }),
      party: fc.option(fc.string({ minLength: 1, maxLength: 200 })),
    });
    fc.assert(
      fc.property(states, (state) => {
        const address = new URLSearchParams(printBoardState(state).toString());
        expect(readBoardState(address)).toEqual(state);
      }),
    );
  });

  test.each(['view=pie', 'sort=__proto__', 'rev=ya', 'show=', `q=${'x'.repeat(101)}`, 'party='])(
    'does without what makes no sense: %s',
    (search) => expect(readBoardState(new URLSearchParams(search))).toEqual(usual),
  );
});
