import { severityRank, type Alert, type Severity } from '../../shared/alert.ts';

/** Failed and blocked logins of an hour from which a party's tile is coloured. */
export const partyThresholds = { high: 100, medium: 30 } as const;

/** What a party's tile shows: an open alert of the party, or else its failures, or nothing. */
export type PartyTone = Severity | null;

/** The tone of a tile by the failures of the last hour and the worst open alert about the party. */
export function partyTone(failures: number, alert: Severity | null): PartyTone {
  if (alert === 'critical' || alert === 'high') return alert;
  if (failures >= partyThresholds.high) return 'high';
  return failures >= partyThresholds.medium || alert === 'medium' ? 'medium' : null;
}

/** The worst severity among open alerts whose key or events name the party; `null` without one. */
export function worstAlertOf(alerts: readonly Alert[], partyId: string): Severity | null {
  let worst: Severity | null = null;
  for (const { key, parties, severity } of alerts) {
    if (key['organization.id'] !== partyId && !parties.includes(partyId)) continue;
    if (worst === null || severityRank(severity) > severityRank(worst)) worst = severity;
  }
  return worst;
}
