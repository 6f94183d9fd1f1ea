import type { SiagaEvent } from '../../shared/event/fields.ts';
import type { Detection, DetectionEngine } from './detection.ts';
import { assemble, isOfCategory, type Judge } from './judges.ts';
import type { Current } from './match/field-text.ts';
import type { Rule } from './rule.ts';
import { episodeHourMs } from './windows/episode.ts';

export interface EngineOptions {
  readonly rules: readonly Rule[];
  /** Keys followed at a time by each rule; beyond, the least recently used one is forgotten. */
  readonly maxKeysPerRule?: number;
  /** How much later than newer events of its key an event may come and still count in a correlation, ms. */
  readonly latenessMs?: number;
}

export const defaultMaxKeysPerRule = 100_000;
export const defaultLatenessMs = 120_000;

/**
 * Creates the engine for rules that were loaded together. It never throws because of an event: a rule that does is set aside.
 * An event stamped more than `latenessMs` after its arrival is judged at its arrival.
 */
export function createEngine(options: EngineOptions): DetectionEngine {
  const latenessMs = options.latenessMs ?? defaultLatenessMs;
  const outbox: Detection[] = [];
  const current: Current = { event: {} as SiagaEvent, turn: 0 };
  const { groups, trackers } = assemble(options.rules, current, {
    maxKeys: options.maxKeysPerRule ?? defaultMaxKeysPerRule,
    latenessMs,
    report: (detection) => outbox.push(detection),
  });
  const faulty = new Set<string>();
  let arrival = -Infinity;

  const follow = (judge: Judge): void => {
    const { event } = current;
    const ingested = event['event.ingested'];
    const stamped = event['@timestamp'];
    if (ingested > arrival) arrival = ingested;
    const moment = { time: stamped > ingested + latenessMs ? ingested : stamped, arrival };
    for (const { match } of judge.followers) match(event, moment);
  };
  const ask = (judge: Judge): void => {
    try {
      if (judge.matches()) follow(judge);
    } catch {
      judge.faulty = true;
      for (const { ruleId } of judge.followers) faulty.add(ruleId);
    }
  };
  return {
    rules: trackers.map(({ info }) => info),
    // Twice, because what holds at an hour's beginning depends on a window that ended before it.
    longestWindowMs:
      episodeHourMs + latenessMs + 2 * Math.max(0, ...trackers.map(({ windowMs }) => windowMs)),
    push(event, report) {
      const judgeGroups = groups.get(event['event.dataset']);
      if (!judgeGroups) return;
      current.event = event;
      current.turn += 1;
      for (const { category, judges } of judgeGroups) {
        if (category !== null && !isOfCategory(event, category)) continue;
        for (const judge of judges) if (!judge.faulty) ask(judge);
      }
      if (outbox.length > 0) for (const detection of outbox.splice(0)) report(detection);
    },
    drain(now, report) {
      for (const tracker of trackers) tracker.drain(now, report);
    },
    health: () => ({
      keys: trackers.reduce((sum, { keys }) => sum + keys, 0),
      capped: trackers.filter((tracker) => tracker.takeCapped()).map(({ info }) => info.id),
      faulty: [...faulty],
      late: trackers.reduce((sum, { late }) => sum + late, 0),
    }),
  };
}
