import type { Alert, AlertChange } from '../../shared/alert.ts';
import type { Ledger } from '../../shared/api/ledger.ts';
import type {
  AlertDetail,
  EventList,
  PartyDetail,
  PartyList,
  StoredEvent,
  TopValues,
} from '../../shared/api/schemas.ts';
import type { Grants } from '../../shared/authority.ts';
import type { FieldName } from '../../shared/event/fields.ts';
import type { WallDetail } from '../../shared/api/tokens.ts';
import type { Frame, LoginSeries } from '../../shared/live/frame.ts';
import type { Snapshot } from '../../shared/live/protocol.ts';
import { ok, type Result } from '../../shared/result.ts';
import type { StoreQuery } from '../store/events/event-store.ts';
import {
  maskAlert,
  maskAlertDetail,
  maskChange,
  maskFrame,
  maskLedger,
  maskParties,
  maskParty,
  maskSnapshot,
  maskTop,
} from './masked-answers.ts';
import { maskText } from './mask-text.ts';
import { maskEvent } from './masked-event.ts';
import { maskedField, maskedSearch, type Search, type SearchRefusal } from './masked-search.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { createWallViews, type Register } from './wall-view.ts';

type Same<T> = (value: T) => T;

/**
 * How answers are shown to somebody: as they are, with pseudonyms in the place of addresses and account names, or cut down to
 * what a wall shows.
 */
export interface PersonalView {
  /** Of those who are told the same. */
  readonly name: string;
  readonly isWall: boolean;
  /** True with `personal:read`. */
  readonly clear: boolean;
  /** One address, as of whoever did something. */
  readonly address: Same<string>;
  /** A text that belongs to no event: its addresses and e-mails. */
  readonly text: Same<string>;
  readonly event: Same<StoredEvent>;
  readonly events: Same<EventList>;
  readonly top: Same<TopValues>;
  readonly alert: Same<Alert>;
  readonly alerts: Same<{ alerts: Alert[]; total: number }>;
  readonly change: Same<AlertChange>;
  readonly alertDetail: Same<AlertDetail>;
  readonly parties: Same<PartyList>;
  readonly party: Same<PartyDetail>;
  readonly ledger: Same<Ledger>;
  readonly frame: Same<Frame>;
  readonly series: Same<LoginSeries>;
  readonly snapshot: Same<Snapshot>;
  /** The search that may be made of the store; refused when its answer would tell of a value that isn't shown. */
  readonly search: (query: StoreQuery, events: Search) => Promise<Result<StoreQuery, SearchRefusal>>;
  /** A field whose values may be listed. */
  readonly listed: (field: FieldName) => Result<FieldName, 'personal-data'>;
}

/** What of somebody says how answers are shown to them. */
interface Onlooker {
  readonly grants: Grants;
  /** Of a wall: how much it shows. */
  readonly detail?: WallDetail | undefined;
}

/** The ways of showing, and who gets which. */
export interface PersonalViews {
  readonly clear: PersonalView;
  readonly masked: PersonalView;
  readonly all: readonly PersonalView[];
  /** Of whoever has these grants; nobody in particular gets the masked one. */
  readonly of: (identity: Onlooker | null) => PersonalView;
}

const same = <T>(value: T): T => value;

const clear: PersonalView = {
  name: 'clear',
  isWall: false,
  clear: true,
  address: same,
  text: same,
  event: same,
  events: same,
  top: same,
  alert: same,
  alerts: same,
  change: same,
  alertDetail: same,
  parties: same,
  party: same,
  ledger: same,
  frame: same,
  series: same,
  snapshot: same,
  search: (query) => Promise.resolve(ok(query)),
  listed: ok,
};

/** Views with these pseudonyms; walls have tiles for the parties of `register` and hear of no other. */
export function createPersonalViews(names: Pseudonyms, register: Register = []): PersonalViews {
  const alert = (one: Alert): Alert => maskAlert(one, names);
  const event = (one: StoredEvent): StoredEvent => maskEvent(one, names);
  const masked: PersonalView = {
    name: 'masked',
    isWall: false,
    clear: false,
    address: names.address,
    text: (text) => maskText(text),
    event,
    events: (list) => ({ ...list, events: list.events.map(event) }),
    top: (top) => maskTop(top, names),
    alert,
    alerts: (list) => ({ ...list, alerts: list.alerts.map(alert) }),
    change: (change) => maskChange(change, names),
    alertDetail: (detail) => maskAlertDetail(detail, names),
    parties: maskParties,
    party: (detail) => maskParty(detail, names),
    ledger: maskLedger,
    frame: (frame) => maskFrame(frame, names),
    series: same,
    snapshot: (snapshot) => maskSnapshot(snapshot, names),
    search: (query, events) => maskedSearch(query, names, events),
    listed: maskedField,
  };
  const walls = createWallViews(masked, register);
  return {
    clear,
    masked,
    all: [clear, masked, ...Object.values(walls)],
    of: (identity) => {
      if (identity?.detail) return walls[identity.detail];
      return identity?.grants['personal:read'] ? clear : masked;
    },
  };
}
