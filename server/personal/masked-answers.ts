import type { Alert, AlertChange } from '../../shared/alert.ts';
import type { Ledger } from '../../shared/api/ledger.ts';
import type { AlertDetail, PartyDetail, PartyList, TopValues } from '../../shared/api/schemas.ts';
import { isFieldName } from '../../shared/event/fields.ts';
import { withheldText } from '../../shared/event/personal-fields.ts';
import type { Frame } from '../../shared/live/frame.ts';
import type { Snapshot } from '../../shared/live/protocol.ts';
import { maskText } from './mask-text.ts';
import { maskValue } from './masked-event.ts';
import type { Pseudonyms } from './pseudonyms.ts';

/** Everything but events, for somebody without `personal:read`. */

const plainText = (text: string): string => maskText(text);

export function maskTop(top: TopValues, names: Pseudonyms): TopValues {
  const { field } = top;
  if (!isFieldName(field)) return { ...top, values: [] };
  const counts = new Map<string, number>();
  for (const { value, count } of top.values) {
    const masked = maskValue(field, value, names);
    counts.set(masked, (counts.get(masked) ?? 0) + count);
  }
  // Those with the same count stand in the order of what is shown, so that the order tells nothing of what isn't.
  const values = [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  return { ...top, values };
}

export function maskAlert(alert: Alert, names: Pseudonyms): Alert {
  const key = Object.entries(alert.key).map(([field, value]) => [
    field,
    isFieldName(field) ? maskValue(field, value, names) : withheldText,
  ]);
  return {
    ...alert,
    key: Object.fromEntries(key) as Alert['key'],
    parties: alert.parties.map(plainText),
    // Who closes an alert writes who it was about.
    closed: alert.closed && { ...alert.closed, reason: withheldText },
  };
}

export const maskChange = (change: AlertChange, names: Pseudonyms): AlertChange => ({
  ...change,
  note: change.note && withheldText,
  alert: maskAlert(change.alert, names),
});

export const maskAlertDetail = (detail: AlertDetail, names: Pseudonyms): AlertDetail => ({
  ...detail,
  alert: maskAlert(detail.alert, names),
  history: detail.history.map((change) => maskChange(change, names)),
});

export const maskParties = (list: PartyList): PartyList => ({
  ...list,
  unknown: list.unknown.map(plainText),
  strangers: list.strangers.map((stranger) => ({ ...stranger, id: plainText(stranger.id) })),
});

/** Sorted by what is shown: the order of the names would tell of them. */
const accounts = (list: readonly string[], names: Pseudonyms): string[] =>
  list.map(names.account).sort((a, b) => (a < b ? -1 : 1));

export function maskParty(detail: PartyDetail, names: Pseudonyms): PartyDetail {
  const { reconciliation } = detail;
  const address = (text: string | null): string | null => (text === null ? null : names.address(text));
  return {
    ...detail,
    accounts: detail.accounts
      .map((account) => ({
        ...account,
        name: names.account(account.name),
        lastLoginAddress: address(account.lastLoginAddress),
        roles: account.roles && plainText(account.roles),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    reconciliation: {
      ...reconciliation,
      missing: accounts(reconciliation.missing, names),
      unknown: accounts(reconciliation.unknown, names),
    },
    history: detail.history.map((step) => ({
      ...step,
      account: names.account(step.account),
      by: step.by === null ? null : names.account(step.by),
      address: address(step.address),
    })),
  };
}

/** A line that was not taken in was never read, so nobody knows what is in it; what refused it may quote it. */
export const maskLedger = (ledger: Ledger): Ledger => ({
  ...ledger,
  rejections: ledger.rejections.map((rejection) => ({
    ...rejection,
    reason: /^[a-z0-9 ,-]{1,120}$/i.test(rejection.reason) ? rejection.reason : withheldText,
    sample: rejection.sample && withheldText,
  })),
});

export const maskFrame = (frame: Frame, names: Pseudonyms): Frame => ({
  ...frame,
  topFailures: frame.topFailures.map(([address, count]) => [names.address(address), count]),
  accounts: { ...frame.accounts, unknown: frame.accounts.unknown.map(plainText) },
});

export const maskSnapshot = (snapshot: Snapshot, names: Pseudonyms): Snapshot => ({
  ...snapshot,
  frame: snapshot.frame && maskFrame(snapshot.frame, names),
  alerts: snapshot.alerts && snapshot.alerts.map((alert) => maskAlert(alert, names)),
  missed: snapshot.missed.map((change) => maskChange(change, names)),
});
