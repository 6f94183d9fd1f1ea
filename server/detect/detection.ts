import type { LanguageText, Severity } from '../../shared/alert.ts';
import type { FieldName, SiagaEvent } from '../../shared/event/fields.ts';

/** What the engine says when a rule fires. The same events give the same ids, whatever the batches or restarts. */
export interface Detection {
  /** Hex hash of rule id, key and the event time at which this episode began. */
  readonly id: string;
  readonly ruleId: string;
  /** Field to value, in the rule's group-by order. */
  readonly key: Readonly<Partial<Record<FieldName, string>>>;
  /** Event times of the first and newest event, epoch ms. */
  readonly first: number;
  readonly last: number;
  /** Events behind this detection so far: an episode's later reports carry the new total. */
  readonly count: number;
  /** Parties that its events name, registered or not, sorted; at most `maxListedParties`. They grow with the count. */
  readonly parties: readonly string[];
}

/** What is known of a loaded rule; data for screens and alerts, never needed to match. */
export interface RuleInfo {
  readonly id: string;
  readonly title: LanguageText;
  /** The title in at most `maxShortLength` characters. */
  readonly short: LanguageText;
  readonly severity: Severity;
  readonly tags: readonly string[];
  readonly description: LanguageText | null;
  readonly falsePositives: { readonly id: readonly string[]; readonly en: readonly string[] };
  /** What to do first. */
  readonly response: LanguageText | null;
}

/** A rule file that could not be loaded: where, what was found, what was expected. */
export interface RuleProblem {
  readonly file: string;
  /** 1-based; `null` when the problem is the file as a whole. */
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
}

export interface EngineHealth {
  /** Live correlation keys, over all rules. */
  readonly keys: number;
  /** Rules that reached their cap of keys since the last look. */
  readonly capped: readonly string[];
  /** Rules set aside because they threw. */
  readonly faulty: readonly string[];
  /** Events that came too late to count in a correlation, since the start. */
  readonly late: number;
}

/**
 * Rules in, events in, detections out: no I/O and no clock of its own.
 * `push` reports a detection the moment it begins; growth of a running episode is reported by `drain`.
 */
export interface DetectionEngine {
  readonly rules: readonly RuleInfo[];
  /** Longest window of any rule, ms: how far back a restart must read. */
  readonly longestWindowMs: number;
  push(event: SiagaEvent, report: (detection: Detection) => void): void;
  /** Reports each running episode that grew since the last call; forgets state that expired by `now` (epoch ms). */
  drain(now: number, report: (detection: Detection) => void): void;
  health(): EngineHealth;
}
