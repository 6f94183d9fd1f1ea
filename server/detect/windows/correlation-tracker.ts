import type { FieldName, SiagaEvent } from '../../../shared/event/fields.ts';
import type { CorrelationRule } from '../rule.ts';
import { createTimesWindow, createValuesWindow, type CountingWindow } from './counting-window.ts';
import { createEpisodeLog, detectionId, hourOf, type Episode } from './episode.ts';
import { boundedValue, detach, groupKey, keyValues } from './group-key.ts';
import { createKeyedStates, type KeyedState } from './keyed-states.ts';
import type { Moment, Tracker, TrackerOptions } from './tracker.ts';

interface CorrelationState extends KeyedState {
  readonly window: CountingWindow;
  /** Newest event time of the key: the window ends here. */
  newest: number;
  episode: Episode | null;
}

const noFields: readonly FieldName[] = [];

/**
 * Follows an `event_count` or `value_count`: for each key one window that ends at the key's newest event.
 * The condition is judged at each event that counts; while it holds, the episode grows.
 */
export function createCorrelationTracker(rule: CorrelationRule, options: TrackerOptions): Tracker {
  const { counting, groupBy, timespanMs, atLeast } = rule;
  const log = createEpisodeLog(rule.info.id, options.report);
  const ttlMs = timespanMs + options.latenessMs;
  const states = createKeyedStates<CorrelationState>({
    ttlMs,
    maxKeys: options.maxKeys,
    dismiss: ({ episode }) => episode && log.end(episode),
  });
  const valueFields = counting.kind === 'value_count' ? counting.fields : noFields;
  const createWindow = counting.kind === 'value_count' ? createValuesWindow : createTimesWindow;
  let late = 0;

  const countedValue = (event: SiagaEvent): string | null => {
    if (valueFields.length === 0) return '';
    const value = groupKey(event, valueFields, 'refuse');
    return value === null ? null : detach(boundedValue(value));
  };
  const judge = (state: CorrelationState, event: SiagaEvent, key: string, time: number): void => {
    const running = state.episode;
    const holds = state.window.isReached(state.newest, timespanMs);
    const hour = hourOf(state.newest);
    if (running && holds && hour === running.hour) {
      log.grow(running, time);
      return;
    }
    if (running) log.end(running);
    state.episode = null;
    if (!holds) return;
    // What goes on from one hour into the next is counted from this event: what came before is reported already.
    const first = running ? time : state.window.oldest();
    state.episode = {
      id: detectionId(rule.info.id, key, first),
      key: keyValues(event, groupBy),
      hour,
      first,
      last: state.newest,
      count: running ? 1 : atLeast,
    };
    log.begin(state.episode);
  };
  return {
    info: rule.info,
    windowMs: timespanMs,
    get keys() {
      return states.size;
    },
    get late() {
      return late;
    },
    match(event, { time, arrival }: Moment) {
      const key = groupKey(event, groupBy, 'refuse');
      const value = countedValue(event);
      if (key === null || value === null) return;
      const state = states.use(key, arrival, () => ({
        arrival,
        window: createWindow(atLeast),
        newest: time,
        episode: null,
      }));
      if (time < state.newest - Math.min(options.latenessMs, timespanMs)) {
        late += 1;
        return;
      }
      if (time > state.newest) state.newest = time;
      state.window.add(time, value);
      judge(state, event, key, time);
    },
    drain(now, report) {
      log.drain(report);
      states.forgetBefore(now - ttlMs - options.latenessMs);
    },
    takeCapped: states.takeCapped,
  };
}
