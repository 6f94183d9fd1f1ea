import type { DetectionRule } from '../rule.ts';
import { createEpisodeLog, detectionId, hourOf, type Episode } from './episode.ts';
import { groupKey, keyValues } from './group-key.ts';
import { addParty, partyOf } from './recent-parties.ts';
import { createKeyedStates, type KeyedState } from './keyed-states.ts';
import type { Tracker, TrackerOptions } from './tracker.ts';

/** Quiet for longer than this, by event time, the episode of a rule without correlation is over. */
export const quietMs = 300_000;

interface MatchState extends KeyedState {
  episode: Episode | null;
}

/**
 * Makes episodes of a rule's single matches: one a key, ended by `quietMs` without a match or by the hour.
 * A match that comes late is never lost: it joins the running episode.
 */
export function createMatchTracker(rule: DetectionRule, options: TrackerOptions): Tracker {
  const log = createEpisodeLog(rule.info.id, options.report);
  const ttlMs = quietMs + options.latenessMs;
  const states = createKeyedStates<MatchState>({
    ttlMs,
    maxKeys: options.maxKeys,
    dismiss: ({ episode }) => episode && log.end(episode),
  });
  return {
    info: rule.info,
    windowMs: quietMs,
    late: 0,
    get keys() {
      return states.size;
    },
    match(event, { time, arrival }) {
      const key = groupKey(event, rule.groupBy, 'skip') ?? '';
      const state = states.use(key, arrival, () => ({ arrival, episode: null }));
      const running = state.episode;
      if (running && time <= running.last + quietMs && hourOf(time) <= running.hour) {
        log.grow(running, time, partyOf(event));
        return;
      }
      if (running) log.end(running);
      state.episode = {
        id: detectionId(rule.info.id, key, time),
        key: keyValues(event, rule.groupBy),
        hour: hourOf(time),
        first: time,
        last: time,
        count: 1,
        parties: addParty([], partyOf(event)),
      };
      log.begin(state.episode);
    },
    drain(now, report) {
      log.drain(report);
      states.forgetBefore(now - ttlMs - options.latenessMs);
    },
    takeCapped: () => states.takeCapped(),
  };
}
