import type { Party } from '../../shared/party.ts';
import { accessLine } from './access-line.ts';
import { startAccountLife } from './account-life.ts';
import { createAgenda } from './agenda.ts';
import { startAttacks } from './attacks/schedule.ts';
import { startOperators } from './operators.ts';
import { createPopulation } from './population.ts';
import { createRandom } from './random.ts';
import { startSignals } from './signals.ts';
import { startVisitors } from './visitors.ts';
import type { World } from './world.ts';

/** What happened since the last tick, oldest first: lines of the access log, and events as JSON, without line ends. */
export interface SimulatedTraffic {
  readonly accessLines: readonly string[];
  readonly events: readonly string[];
}

export interface SimulatorOptions {
  readonly seed: number;
  readonly parties: readonly Party[];
  /** When it all begins, epoch ms. */
  readonly startMs: number;
}

/** A pause longer than this is left out, not made up for: what nobody heard while the machine slept didn't happen. */
export const maxGapMs = 10_000;

/**
 * Imagined traffic of a registration site, with attacks. It does no I/O: the same seed, parties and start give the same lines
 * at the same times, however the ticks fall (but for pauses over ten seconds).
 */
export function createSimulator({ seed, parties, startMs }: SimulatorOptions): {
  tick(nowMs: number): SimulatedTraffic;
} {
  const agenda = createAgenda();
  let accessLines: string[] = [];
  let events: string[] = [];
  let leftOutMs = 0;
  let lastTick = startMs;
  const world: World = {
    random: createRandom(seed),
    population: createPopulation(parties),
    startedAt: startMs,
    schedule: (at, act) => agenda.add(at, act),
    request: (at, request) => void accessLines.push(accessLine(at + leftOutMs, request)),
    report: (at, event) => {
      const time = new Date(at + leftOutMs).toISOString();
      events.push(JSON.stringify({ '@timestamp': time, ...event }));
    },
  };
  startVisitors(world);
  startOperators(world);
  startAccountLife(world);
  startSignals(world);
  startAttacks(world);
  return {
    tick(nowMs) {
      const gapMs = nowMs - lastTick;
      if (gapMs > maxGapMs) leftOutMs += gapMs;
      lastTick = Math.max(lastTick, nowMs);
      agenda.runUntil(nowMs - leftOutMs);
      const traffic = { accessLines, events };
      accessLines = [];
      events = [];
      return traffic;
    },
  };
}
