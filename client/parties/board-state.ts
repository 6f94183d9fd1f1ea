import * as z from 'zod/mini';

export const boardViews = ['tiles', 'list'] as const;
export type BoardView = (typeof boardViews)[number];

/** What the board may be sorted by. */
export const boardSorts = [
  'party',
  'risk',
  'accounts',
  'verdict',
  'lastLogin',
  'failures',
  'locked',
  'sessions',
] as const;
export type BoardSort = (typeof boardSorts)[number];

/** Which parties the board may be narrowed to. */
export const boardFilters = ['all', 'differs', 'absent', 'failures', 'locked'] as const;
export type BoardFilter = (typeof boardFilters)[number];

/** All that decides what the board shows; it lives in the address. */
export interface BoardState {
  readonly view: BoardView;
  readonly sort: BoardSort;
  /** The other way round than the sort's usual one. */
  readonly reversed: boolean;
  readonly show: BoardFilter;
  /** Part of a name, number or id. */
  readonly text: string;
  /** Id of the party whose details are open, as it was heard; `null` for none. */
  readonly party: string | null;
}

const textSchema = z.string().check(z.maxLength(100));
const partySchema = z.string().check(z.minLength(1), z.maxLength(200));

/** The word of the list that the address says, or else the usual one. */
const oneOf = <T extends string>(words: readonly T[], said: string | null, usual: T): T =>
  words.find((word) => word === said) ?? usual;

/** Reads the search parameters of the address; what makes no sense there is as if it weren't. */
export function readBoardState(params: URLSearchParams): BoardState {
  return {
    view: oneOf(boardViews, params.get('view'), 'tiles'),
    sort: oneOf(boardSorts, params.get('sort'), 'party'),
    reversed: params.get('rev') === '1',
    show: oneOf(boardFilters, params.get('show'), 'all'),
    text: textSchema.safeParse(params.get('q')).data ?? '',
    party: partySchema.safeParse(params.get('party')).data ?? null,
  };
}

/** Search parameters for a state, what is usual left out; the opposite of `readBoardState`. */
export function printBoardState(state: BoardState): URLSearchParams {
  const params = new URLSearchParams();
  if (state.view !== 'tiles') params.set('view', state.view);
  if (state.sort !== 'party') params.set('sort', state.sort);
  if (state.reversed) params.set('rev', '1');
  if (state.show !== 'all') params.set('show', state.show);
  if (state.text !== '') params.set('q', state.text);
  if (state.party !== null) params.set('party', state.party);
  return params;
}
