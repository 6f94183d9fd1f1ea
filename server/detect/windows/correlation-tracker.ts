import type { FieldName, SiagaEvent } from '../../../shared/event/fields.ts';
import { detach } from '../../detach.ts';
import type { CorrelationRule } from '../rule.ts';
import { createTimesWindow, createValuesWindow, type CountingWindow } from './counting-window.ts';
import { createEpisodeLog, detectionId, hourOf, type Episode, type EpisodeLog } from './episode.ts';
import { boundedValue, groupKey, keyValues } from './group-key.ts';
import { createKeyedStates, type KeyedState } from './keyed-states.ts';
import { addParty, createRecentParties, partyOf, type RecentParties } from './recent-parties.ts';
import type { Tracker, TrackerOptions } from './tracker.ts';

interface CorrelationState extends KeyedState {
  readonly window: CountingWindow;
  /** Newest event time of the key: the window ends here. */
  newest: number;
  /** `null` until an event of the key names a party. */
  parties: RecentParties | null;
  episode: Episode | null;
}

/** An event that counts: what it is counted by and when it happened. */
interface Counted {
  readonly event: SiagaEvent;
  readonly key: string;
  readonly time: number;
  readonly party: string | null;
}

/**
 * Follows an `event_count` or `value_count`: for each key one window that ends at the key's newest event.
 * The condition is judged at each event that counts; while it holds, the episode grows.
 */
export function createCorrelationTracker(rule: CorrelationRule, options: TrackerOptions): Tracker {
  const { timespanMs, counting } = rule;
  const ttlMs = timespanMs + options.latenessMs;
  // What is older than the window can't count, however late events may come.
  const toleratedMs = Math.min(options.latenessMs, timespanMs);
  const log = createEpisodeLog(rule.info.id, options.report);
  const judge = createJudge(rule, log);
  const states = createKeyedStates<CorrelationState>({
    ttlMs,
    maxKeys: options.maxKeys,
    dismiss: ({ episode }) => episode && log.end(episode),
  });
  const createWindow = counting.kind === 'value_count' ? createValuesWindow : createTimesWindow;
  const valueFields = counting.kind === 'value_count' ? counting.fields : [];
  let late = 0;

  return {
    info: rule.info,
    windowMs: timespanMs,
    get keys() {
      return states.size;
    },
    get late() {
      return late;
    },
    match(event, { time, arrival }) {
      const key = groupKey(event, rule.groupBy, 'refuse');
      const value = countedValue(event, valueFields);
      if (key === null || value === null) return;
      const state = states.use(key, arrival, () => ({
        arrival,
        window: createWindow(rule.atLeast),
        newest: time,
        parties: null,
        episode: null,
      }));
      if (time < state.newest - toleratedMs) {
        late += 1;
        return;
      }
      state.newest = Math.max(state.newest, time);
      state.window.add(time, value);
      const party = partyOf(event);
      if (party !== null) (state.parties ??= createRecentParties()).note(party, time);
      judge(state, { event, key, time, party });
    },
    drain(now, report) {
      log.drain(report);
      states.forgetBefore(now - ttlMs - options.latenessMs);
    },
    takeCapped: () => states.takeCapped(),
  };
}

/** The tuple of values as one text, empty where events are counted, `null` when one is absent. */
function countedValue(event: SiagaEvent, fields: readonly FieldName[]): string | null {
  if (fields.length === 0) return '';
  const value = groupKey(event, fields, 'refuse');
  return value === null ? null : detach(boundedValue(value));
}

/** Begins, grows or ends the state's episode, by whether the condition holds with the event just counted. */
function createJudge(
  { info, groupBy, timespanMs, atLeast }: CorrelationRule,
  log: EpisodeLog,
): (state: CorrelationState, counted: Counted) => void {
  return (state, { event, key, time, party }) => {
    const running = state.episode;
    const holds = state.window.isReached(state.newest, timespanMs);
    const hour = hourOf(state.newest);
    if (running && holds && hour === running.hour) {
      log.grow(running, time, party);
      return;
    }
    if (running) log.end(running);
    state.episode = null;
    if (!holds) return;
    // What goes on into a new hour is counted from this event: what came before is reported already.
    const first = running ? time : state.window.oldest();
    state.episode = {
      id: detectionId(info.id, key, first),
      key: keyValues(event, groupBy),
      hour,
      first,
      last: state.newest,
      count: running ? 1 : atLeast,
      parties: running ? addParty([], party) : (state.parties?.since(first) ?? []),
    };
    log.begin(state.episode);
  };
}
