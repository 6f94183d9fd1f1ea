import { isOpen, type Alert } from '../../shared/alert.ts';
import { wallDetails, type WallDetail } from '../../shared/api/tokens.ts';
import type { CoverageHole } from '../../shared/live/frame.ts';
import type { Party } from '../../shared/party.ts';
import {
  partyField,
  tellingField,
  wallAccounts,
  wallAlert,
  wallAlertDetail,
  wallChange,
  wallClosedAlert,
  wallFrame,
  wallHole,
  wallLogins,
  wallParty,
  wallRule,
  wallSeries,
  wallSnapshot,
  wallSource,
  type Shows,
} from '../../shared/wall-shows.ts';
import type { PersonalView } from './view.ts';
import {
  blankAccounts,
  blankAlert,
  blankChange,
  blankDetail,
  blankFrame,
  blankHole,
  blankLogins,
  blankParty,
  blankRule,
  blankSeries,
  blankSnapshot,
  blankSource,
} from './wall-blanks.ts';

/** Parties that a wall has tiles for. */
export type Register = readonly Pick<Party, 'id'>[];

/** What leaves for walls, by their level: masked as for everybody without `personal:read`, and of that what the screen shows. */
export function createWallViews(
  masked: PersonalView,
  register: Register,
): Readonly<Record<WallDetail, PersonalView>> {
  const tiles = new Set(register.map(({ id }) => id));
  const at = (level: WallDetail): PersonalView => ({
    ...masked,
    name: `wall-${level}`,
    isWall: true,
    ...alertsAt(level, masked, tiles),
    ...framesAt(level, tiles),
    snapshot: snapshotsAt(level, masked, tiles),
  });
  return { figures: at('figures'), titles: at('titles'), full: at('full') };
}

/** Those fields of a value that its table shows at that level, the others of `blank`. */
function shownAt<T extends object>(level: WallDetail, shows: Shows<T>, blank: T): (value: T) => T {
  const reached: readonly string[] = wallDetails.slice(0, wallDetails.indexOf(level) + 1);
  return only(
    (Object.keys(shows) as (keyof T)[]).filter((field) => reached.includes(shows[field])),
    blank,
  );
}

function only<T extends object>(fields: readonly (keyof T)[], blank: T): (value: T) => T {
  return (value) => {
    const kept = { ...blank };
    for (const field of fields) if (value[field] !== undefined) kept[field] = value[field];
    return kept;
  };
}

type Tiles = ReadonlySet<string>;

/** In the place of a name: that it was somebody, not who. */
const somebody = '';

/** An alert of which only the sayable is left of each field; which fields stay the tables say. */
const reduced = (alert: Alert, tiles: Tiles): Alert => ({
  ...alert,
  status: isOpen(alert) ? 'new' : 'closed',
  key: keyOf(alert, tiles),
  // A key may name a party that the list of parties had no room for.
  parties: [...new Set([...alert.parties, alert.key[partyField] ?? ''])].filter((id) => tiles.has(id)),
  owner: alert.owner === null ? null : somebody,
  acknowledged: alert.acknowledged && { by: somebody, at: 0 },
});

function keyOf({ key }: Alert, tiles: Tiles): Alert['key'] {
  const field = tellingField(key);
  const value = field === undefined ? undefined : key[field];
  if (field === undefined || value === undefined) return {};
  return { [field]: field === partyField && !tiles.has(value) ? '' : value };
}

function alertsAt(
  level: WallDetail,
  masked: PersonalView,
  tiles: Tiles,
): Pick<PersonalView, 'alert' | 'alerts' | 'change' | 'alertDetail'> {
  const rule = shownAt(level, wallRule, blankRule);
  const [open, closed] = [shownAt(level, wallAlert, blankAlert), only(wallClosedAlert, blankAlert)];
  const change = shownAt(level, wallChange, blankChange);
  const detail = shownAt(level, wallAlertDetail, blankDetail);
  const alert: PersonalView['alert'] = (full) => {
    const one = reduced(masked.alert(full), tiles);
    return isOpen(one) ? open({ ...one, rule: rule(one.rule) }) : closed(one);
  };
  return {
    alert,
    alerts: ({ alerts }) => ({ alerts: alerts.map(alert), total: alerts.length }),
    change: (one) =>
      change({
        ...one,
        kind: one.kind === 'acknowledged' ? 'updated' : one.kind,
        alert: alert(one.alert),
      }),
    alertDetail: (one) => detail({ ...one, alert: alert(one.alert) }),
  };
}

function holeOf(hole: CoverageHole): CoverageHole {
  const shown: readonly string[] = ['kind', ...wallHole[hole.kind]];
  const said = Object.entries(hole).map(([field, value]) => [
    field,
    shown.includes(field) ? value : blankHole[field as keyof typeof blankHole],
  ]);
  return Object.fromEntries(said) as CoverageHole;
}

function framesAt(level: WallDetail, tiles: Tiles): Pick<PersonalView, 'frame' | 'series'> {
  const logins = shownAt(level, wallLogins, blankLogins);
  const accounts = shownAt(level, wallAccounts, blankAccounts);
  const source = shownAt(level, wallSource, blankSource);
  const frame = shownAt(level, wallFrame, blankFrame);
  return {
    series: shownAt(level, wallSeries, blankSeries),
    frame: (one) =>
      frame({
        ...one,
        logins: logins(one.logins),
        accounts: accounts(one.accounts),
        partyFailures: Object.fromEntries(Object.entries(one.partyFailures).filter(([id]) => tiles.has(id))),
        sources: one.sources.map((each) =>
          source({ ...each, lastHeard: each.lastHeard === null ? null : 0 }),
        ),
        coverage: one.coverage.map(holeOf),
      }),
  };
}

function snapshotsAt(level: WallDetail, masked: PersonalView, tiles: Tiles): PersonalView['snapshot'] {
  const { frame, series } = framesAt(level, tiles);
  const { alert, change } = alertsAt(level, masked, tiles);
  const party = shownAt(level, wallParty, blankParty);
  const snapshot = shownAt(level, wallSnapshot, blankSnapshot);
  return (one) =>
    snapshot({
      ...one,
      parties: one.parties.map(party),
      frame: one.frame && frame(one.frame),
      recent: series(one.recent),
      alerts: one.alerts && one.alerts.map(alert),
      missed: one.missed.map(change),
    });
}
