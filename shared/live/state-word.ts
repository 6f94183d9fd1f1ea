import type { CoverageHole } from './frame.ts';

/** What the wall and the header say of the whole, in the order of precedence. */
export const stateWords = ['stopped', 'incident', 'cannot-tell', 'elevated', 'normal'] as const;
export type StateWord = (typeof stateWords)[number];

export interface StateFacts {
  /** Age of the newest frame by the server's clock; `null` before the first. */
  readonly frameAgeMs: number | null;
  readonly openCritical: number;
  readonly openHigh: number;
  readonly holes: readonly CoverageHole[];
  /** Whether a figure is outside its usual range. */
  readonly outsideUsual: boolean;
}

const holds: Record<StateWord, (facts: StateFacts) => boolean> = {
  stopped: ({ frameAgeMs }) => frameAgeMs === null || frameAgeMs > 30_000,
  incident: ({ openCritical }) => openCritical > 0,
  'cannot-tell': ({ holes }) => holes.length > 0,
  elevated: ({ openHigh, outsideUsual }) => openHigh > 0 || outsideUsual,
  normal: ({ openCritical, openHigh, holes }) => openCritical + openHigh === 0 && holes.length === 0,
};

/** The words that hold, worst first and never empty: the first is the state, the second is said in the line beside it. */
export function stateOf(facts: StateFacts): StateWord[] {
  const words = stateWords.filter((word) => word !== 'normal' && holds[word](facts));
  return words.length > 0 ? words : ['normal'];
}
