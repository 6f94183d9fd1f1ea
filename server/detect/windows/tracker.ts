import type { SiagaEvent } from '../../../shared/event/fields.ts';
import type { Detection, RuleInfo } from '../detection.ts';

/** When an event happened and when it arrived, epoch ms, as the engine judges them; arrivals never go back. */
export interface Moment {
  readonly time: number;
  readonly arrival: number;
}

/** Follows the matches of one rule over time and makes detections of them. */
export interface Tracker {
  readonly info: RuleInfo;
  readonly keys: number;
  /** How far back events bear on what it says next, ms. */
  readonly windowMs: number;
  match(event: SiagaEvent, moment: Moment): void;
  /** Reports growth, and gives up what no event arriving from `now` on can bear on. */
  drain(now: number, report: (detection: Detection) => void): void;
  takeCapped(): boolean;
  /** Events that came too late to count, since the start. */
  readonly late: number;
}

/** What every tracker is given. */
export interface TrackerOptions {
  readonly maxKeys: number;
  /** How much later than newer events of its key an event may come, ms. */
  readonly latenessMs: number;
  /** Called at once when an episode begins, and with the rest of one that ends. */
  readonly report: (detection: Detection) => void;
}
