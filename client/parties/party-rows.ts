import { severityRank, type Alert, type Severity } from '../../shared/alert.ts';
import type { PartyFigures, PartyList } from '../../shared/api/schemas.ts';
import { partyTile, type Party } from '../../shared/party.ts';
import { partyTone, worstAlertOf, type PartyTone } from '../state/party-tone.ts';
import type { BoardFilter, BoardSort, BoardState } from './board-state.ts';

/** A party or an organisation outside the register, as the board draws it. */
export interface BoardRow extends PartyFigures {
  readonly id: string;
  /** `null` outside the register. */
  readonly party: Party | null;
  /** `07`, `A4`, `??` outside the register. */
  readonly tile: string;
  /** How many accounts are declared; `null` when that isn't said. */
  readonly registered: number | null;
  /** `absent`: due, and no account is in force. `early`: not due, and none is. */
  readonly standing: 'matches' | 'differs' | 'undeclared' | 'absent' | 'early' | 'stranger';
  readonly missing: number;
  readonly unknown: number;
  /** Worst open alert about it. */
  readonly alert: Severity | null;
  readonly tone: PartyTone;
}

/** The rows of the board, with what the open alerts say of each. */
export function boardRows(list: PartyList, alerts: readonly Alert[]): BoardRow[] {
  const known = list.parties.map(({ party, verdict, due, present: _present, ...figures }): BoardRow => {
    const alert = worstAlertOf(alerts, party.id);
    return {
      ...figures,
      id: party.id,
      party,
      tile: partyTile(party),
      standing: figures.accounts === 0 ? (due ? 'absent' : 'early') : verdict,
      alert,
      tone: partyTone(figures.failuresHour, alert),
    };
  });
  const strangers = list.strangers.map((figures): BoardRow => {
    const alert = worstAlertOf(alerts, figures.id);
    return {
      ...figures,
      party: null,
      tile: '??',
      registered: null,
      standing: 'stranger',
      missing: 0,
      unknown: figures.accounts,
      alert,
      tone: partyTone(figures.failuresHour, alert),
    };
  });
  return [...known, ...strangers];
}

/** Whether something is wrong between the register and what was heard. */
export const isOff = ({ standing }: BoardRow): boolean =>
  standing === 'differs' || standing === 'absent' || standing === 'stranger';

const passes: Readonly<Record<BoardFilter, (row: BoardRow) => boolean>> = {
  all: () => true,
  differs: isOff,
  absent: ({ standing }) => standing === 'absent',
  failures: ({ failuresHour }) => failuresHour > 0,
  locked: ({ locked }) => locked > 0,
};

/** How bad it looks: an alert, then what doesn't match, then failures and locks. */
function riskOf({ alert, failuresHour, locked, ...row }: BoardRow): number {
  const rank = alert === null ? 0 : severityRank(alert) + 1;
  return rank * 1e7 + (isOff({ alert, failuresHour, locked, ...row }) ? 1e6 : 0) + failuresHour * 10 + locked;
}

const standings = ['stranger', 'absent', 'differs', 'undeclared', 'early', 'matches'] as const;

/** What each sort looks at, most first; parties go by number. */
const weights: Readonly<Record<Exclude<BoardSort, 'party'>, (row: BoardRow) => number>> = {
  risk: riskOf,
  accounts: ({ accounts }) => accounts,
  verdict: ({ standing }) => standings.length - standings.indexOf(standing),
  lastLogin: ({ lastLogin }) => lastLogin ?? 0,
  failures: ({ failuresHour }) => failuresHour,
  locked: ({ locked }) => locked,
  sessions: ({ sessions }) => sessions,
};

const kindRank = ({ party }: BoardRow): number => (party === null ? 2 : party.kind === 'aceh' ? 1 : 0);

function byNumber(a: BoardRow, b: BoardRow): number {
  return (
    kindRank(a) - kindRank(b) ||
    (a.party?.number ?? 0) - (b.party?.number ?? 0) ||
    (a.id < b.id ? -1 : Number(a.id > b.id))
  );
}

/** The rows that the state asks for, in its order; what is equal goes by number. */
export function shownRows(
  rows: readonly BoardRow[],
  { sort, reversed, show, text }: Pick<BoardState, 'sort' | 'reversed' | 'show' | 'text'>,
): BoardRow[] {
  const wanted = text.trim().toLowerCase();
  const holds = ({ id, tile, party }: BoardRow): boolean =>
    [id, tile, party?.name ?? ''].some((word) => word.toLowerCase().includes(wanted));
  const direction = reversed ? -1 : 1;
  const compare = (a: BoardRow, b: BoardRow): number =>
    sort === 'party'
      ? direction * byNumber(a, b)
      : direction * (weights[sort](b) - weights[sort](a)) || byNumber(a, b);
  return rows.filter((row) => passes[show](row) && holds(row)).toSorted(compare);
}
