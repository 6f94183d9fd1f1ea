import type { Alert } from '../../shared/alert.ts';
import type { Zone } from '../../shared/i18n/zone.ts';
import type { Frame } from '../../shared/live/frame.ts';
import type { StateWord } from '../../shared/live/state-word.ts';
import type { Party } from '../../shared/party.ts';
import type { WallDetail } from '../../shared/api/tokens.ts';
import type { Freshness } from '../state/feed-context.tsx';

/** All that the wall's words and figures follow from. Times are epoch ms by the server's clock. */
export interface WallFacts {
  readonly now: number;
  readonly zone: Zone;
  readonly detail: WallDetail;
  readonly freshness: Freshness;
  /** True while the first answer may still come. */
  readonly connecting: boolean;
  readonly ageMs: number | null;
  readonly words: readonly StateWord[];
  readonly frame: Frame | null;
  /** By kind and number, as the register has them. */
  readonly parties: readonly Party[];
  /** Open, most urgent first. */
  readonly alerts: readonly Alert[];
  readonly openAlerts: number;
  /** Failed and blocked logins of the last 60 seconds, and how many of those were heard. */
  readonly failures: { readonly count: number; readonly heard: number };
}

/** Whether figures can't be shown any more: nothing came yet, or nothing for over 30 s. */
export const isDark = ({ freshness }: Pick<WallFacts, 'freshness'>): boolean =>
  freshness === 'waiting' || freshness === 'stopped';
