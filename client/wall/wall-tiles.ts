import type { Severity } from '../../shared/alert.ts';
import type { Translator } from '../../shared/i18n/translate.ts';
import { partyTile } from '../../shared/party.ts';
import { partyTone, worstAlertOf } from '../state/party-tone.ts';
import { isDark, type WallFacts } from './wall-facts.ts';

/** One party of the register. */
export interface WallTile {
  readonly id: string;
  /** `07`, `A4`. */
  readonly text: string;
  readonly aceh: boolean;
  /** Dashed: its account isn't there, or nothing is known. */
  readonly absent: boolean;
  /** Worst open alert about it, or its failures of the last hour; `null` is grey. */
  readonly tone: Severity | null;
  /** In a sentence, for those who can't see the tile. */
  readonly label: string;
}

/** Tiles in a row while they are at most five rows; beyond that rows get longer. */
const leastColumns = 15;
const mostRows = 5;

/** How many tiles stand in a row. */
export const tileColumns = (tiles: number): number => Math.max(leastColumns, Math.ceil(tiles / mostRows));

/** A tile for each party of the register, nationals first. */
export function wallTiles(facts: WallFacts, { t, formatNumber }: Translator): readonly WallTile[] {
  const { frame, parties, alerts } = facts;
  const absent = new Set(frame?.accounts.absent ?? []);
  const failures = new Map(Object.entries(frame?.partyFailures ?? {}));
  const dark = isDark(facts);
  return parties.map((party): WallTile => {
    const count = failures.get(party.id) ?? 0;
    const worst = worstAlertOf(alerts, party.id);
    const gone = dark || absent.has(party.id);
    const tone = dark ? null : partyTone(count, worst);
    const vars = { name: party.name, count: formatNumber(count) };
    return {
      id: party.id,
      text: partyTile(party),
      aceh: party.kind === 'aceh',
      absent: gone,
      tone,
      label: gone
        ? t('live.parties.tile.absent', vars)
        : worst
          ? t('live.parties.tile.alert', { ...vars, severity: t(`severity.${worst}`) })
          : t('live.parties.tile', vars),
    };
  });
}
