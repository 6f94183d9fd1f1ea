import { describe, expect, test } from 'vitest';
import type { BoardState } from '../../../client/parties/board-state.ts';
import { boardRows, shownRows } from '../../../client/parties/party-rows.ts';
import { alertOf } from '../live-samples.ts';
import { boardOf, rowOf } from './board-samples.ts';

const stranger = { id: 'PX', accounts: 1, lastLogin: 9, failuresHour: 0, locked: 0, sessions: 0 };
const list = boardOf({
  parties: [
    rowOf(0, { accounts: 0, verdict: 'differs', lastLogin: null, sessions: 0 }),
    rowOf(1, { failuresHour: 120, locked: 1 }),
    rowOf(2, { verdict: 'differs', missing: 1, lastLogin: 5 }),
  ],
  strangers: [stranger],
});
const rows = boardRows(list, [alertOf('a', { severity: 'critical', parties: ['P02'] })]);
const show = (over: Partial<BoardState>) =>
  shownRows(rows, { sort: 'party', reversed: false, show: 'all', text: '', ...over }).map(({ id }) => id);

describe('a row of the board', () => {
  test('says how the party stands to the register, and how bad it looks', () => {
    expect(rows.map(({ tile, standing, tone }) => [tile, standing, tone])).toEqual([
      ['A1', 'absent', null],
      ['07', 'matches', 'high'],
      ['02', 'differs', 'critical'],
      ['??', 'stranger', null],
    ]);
  });

  test('of a party that is not due yet is no gap', () => {
    const [row] = boardRows(boardOf({ parties: [rowOf(0, { accounts: 0, due: false })] }), []);
    expect(row?.standing).toBe('early');
  });
});

describe('the board', () => {
  test.each<[string, Partial<BoardState>, string[]]>([
    ['by number, nationals first, strangers last', {}, ['P02', 'P07', 'ACEH-1', 'PX']],
    ['the other way round', { reversed: true }, ['PX', 'ACEH-1', 'P07', 'P02']],
    [
      'by risk: alert, then what does not match, then failures',
      { sort: 'risk' },
      ['P02', 'ACEH-1', 'PX', 'P07'],
    ],
    ['by failures', { sort: 'failures' }, ['P07', 'P02', 'ACEH-1', 'PX']],
    ['by the newest login', { sort: 'lastLogin' }, ['P07', 'PX', 'P02', 'ACEH-1']],
    ['by reconciliation, the worst first', { sort: 'verdict' }, ['PX', 'ACEH-1', 'P02', 'P07']],
    ['only what does not match', { show: 'differs' }, ['P02', 'ACEH-1', 'PX']],
    ['only who is not heard', { show: 'absent' }, ['ACEH-1']],
    ['only with failures', { show: 'failures' }, ['P07']],
    ['only with locked accounts', { show: 'locked' }, ['P07']],
    ['what is searched, by name', { text: ' partai 0' }, ['P02', 'P07']],
    ['what is searched, by number', { text: 'a1' }, ['ACEH-1']],
    ['nothing', { text: 'nobody' }, []],
  ])('shows %s', (_name, state, ids) => {
    expect(show(state)).toEqual(ids);
  });
});
