import type { SiagaEvent } from '../../../shared/event/fields.ts';

/** Events without a time before the first that has one, which are held at most. */
export const maxEarlyEvents = 10_000;

/** The clock of a scan: the newest event time so far. */
export interface EventClock {
  /** Epoch ms; `-Infinity` before any event. */
  readonly newest: number;
  /** Says when the event happened, if it doesn't, and that it arrived at the clock's time; calls `then` once both are known. */
  stamp(event: SiagaEvent, then: (event: SiagaEvent) => void): void;
  /** There are no more events: those still held happened at `now`. */
  finish(): void;
}

/**
 * An event without a time happened at the clock's time; before the first event with a time, at the time of that one, or at `now`
 * where none comes within `maxEarlyEvents`.
 */
export function createEventClock(now: number): EventClock {
  let newest = -Infinity;
  const early: (() => void)[] = [];
  const set = (time: number): void => {
    newest = time;
    for (const release of early.splice(0)) release();
  };
  const arrive = (event: SiagaEvent, then: (event: SiagaEvent) => void): void => {
    if (event['@timestamp'] === 0) event['@timestamp'] = newest;
    event['event.ingested'] = newest;
    then(event);
  };
  return {
    get newest() {
      return newest;
    },
    stamp(event, then) {
      const time = event['@timestamp'];
      if (time > newest && time !== 0) set(time);
      if (newest !== -Infinity) {
        arrive(event, then);
        return;
      }
      early.push(() => arrive(event, then));
      if (early.length === maxEarlyEvents) set(now);
    },
    finish() {
      if (early.length > 0) set(now);
    },
  };
}
