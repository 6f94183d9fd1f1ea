import type { SiagaEvent } from '../../shared/event/fields.ts';
import type { Current } from './match/field-text.ts';
import type { Predicate } from './match/field-predicate.ts';
import { createPredicateCompiler, type PredicateCompiler } from './match/predicate.ts';
import type { CorrelationRule, DetectionRule, Rule } from './rule.ts';
import { createCorrelationTracker } from './windows/correlation-tracker.ts';
import { createMatchTracker } from './windows/match-tracker.ts';
import type { Tracker, TrackerOptions } from './windows/tracker.ts';

/** One that follows a judge's matches: the tracker's rule, and what to call. */
export interface Follower {
  readonly ruleId: string;
  readonly match: Follow;
}

type Follow = Tracker['match'];

/** A rule's predicate, and who follows its matches. */
export interface Judge {
  readonly matches: Predicate;
  readonly followers: readonly Follower[];
  /** Set once it threw: it is asked no more. */
  faulty: boolean;
}

/** Judges of one dataset that see events of one category, or with `null` of any. */
export interface JudgeGroup {
  readonly category: string | null;
  readonly judges: Judge[];
}

/** Whether the event is of the category. Sources needn't name it for what the action already says is a login. */
export const isOfCategory = (event: SiagaEvent, category: string): boolean =>
  event['event.category'] === category ||
  (category === 'authentication' &&
    (event['event.action'] === 'user-login' || event['event.action'] === 'user-logout'));

/** The rules made ready: judges by dataset, so that an event meets only those that can match, and all trackers. */
export interface Assembly {
  readonly groups: ReadonlyMap<string, readonly JudgeGroup[]>;
  readonly trackers: readonly Tracker[];
}

/** Builds judges and trackers for rules that were loaded together. Throws when a correlation's base isn't among them. */
export function assemble(rules: readonly Rule[], current: Current, options: TrackerOptions): Assembly {
  const bases = rules.filter((rule) => rule.kind === 'detection');
  const followers = new Map<DetectionRule, Follower[]>(bases.map((rule) => [rule, []]));
  const trackers: Tracker[] = [];
  for (const rule of rules) {
    if (rule.kind === 'detection' && !rule.reports) continue;
    const tracker =
      rule.kind === 'detection' ? createMatchTracker(rule, options) : createCorrelationTracker(rule, options);
    const match = onceAnEvent(tracker, current);
    trackers.push(tracker);
    for (const base of basesOf(rule, bases)) followers.get(base)?.push({ ruleId: rule.info.id, match });
  }
  return { groups: groupJudges(followers, createPredicateCompiler(current)), trackers };
}

function basesOf(rule: Rule, bases: readonly DetectionRule[]): readonly DetectionRule[] {
  if (rule.kind === 'detection') return [rule];
  return rule.bases.map((id) => findBase(rule, id, bases));
}

function findBase(rule: CorrelationRule, id: string, bases: readonly DetectionRule[]): DetectionRule {
  const base = bases.find(({ info }) => info.id === id);
  if (!base) throw new Error(`correlation ${rule.info.id}: no rule ${id} was loaded with it`);
  return base;
}

/** An event that several of its base rules match counts once. */
function onceAnEvent(tracker: Tracker, current: Current): Follow {
  let turn = -1;
  return (event, moment) => {
    if (turn === current.turn) return;
    turn = current.turn;
    tracker.match(event, moment);
  };
}

function groupJudges(
  followersOf: ReadonlyMap<DetectionRule, readonly Follower[]>,
  compiler: PredicateCompiler,
): Map<string, JudgeGroup[]> {
  const groups = new Map<string, JudgeGroup[]>();
  for (const [rule, followers] of followersOf) {
    if (followers.length === 0) continue;
    const judge: Judge = { matches: compiler.compile(rule.when), followers, faulty: false };
    for (const dataset of rule.scope.datasets) {
      const ofDataset = groups.get(dataset) ?? [];
      groups.set(dataset, ofDataset);
      const group = ofDataset.find(({ category }) => category === rule.scope.category);
      if (group) group.judges.push(judge);
      else ofDataset.push({ category: rule.scope.category, judges: [judge] });
    }
  }
  return groups;
}
