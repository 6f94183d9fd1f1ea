import { placeholderParties } from '../../../server/config/placeholder-parties.ts';
import { createSimulator } from '../../../server/simulate/simulator.ts';

/** 10:00 in Jakarta. */
export const startMs = Date.UTC(2026, 7, 3, 3, 0, 0);

export interface Line {
  readonly at: number;
  readonly address: string;
  readonly method: string;
  readonly target: string;
  readonly status: number;
  readonly agent: string;
}

const combined =
  /^(?<address>[0-9a-f.:]+) - - \[(?<time>\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0700)\] "(?<method>[A-Z]+) (?<target>[^" ]+) HTTP\/1\.1" (?<status>\d{3}) (?<bytes>\d+) "(?<referrer>[^"]*)" "(?<agent>[^"]*)"$/;

/** A line of the combined format; throws when it is none. */
export function readLine(text: string): Line {
  const groups = combined.exec(text)?.groups;
  if (!groups) throw new Error(`not in the combined format: ${text}`);
  const { address = '', time = '', method = '', target = '', status = '', agent = '' } = groups;
  const at = Date.parse(time.replace(/^(\d\d)\/(\w{3})\/(\d{4}):/, '$1 $2 $3 '));
  return { at, address, method, target, status: Number(status), agent };
}

export type SimulatedEvent = Readonly<Record<string, string | number>>;

/** Ticks four times a second for that long, with whole lines out. */
export function simulate(minutes: number, seed = 1, tickMs = 250) {
  const simulator = createSimulator({ seed, parties: placeholderParties, startMs });
  const accessLines: string[] = [];
  const events: string[] = [];
  for (let at = startMs; at <= startMs + minutes * 60_000; at += tickMs) {
    const traffic = simulator.tick(at);
    accessLines.push(...traffic.accessLines);
    events.push(...traffic.events);
  }
  return { accessLines, events };
}

export const readEvents = (events: readonly string[]): SimulatedEvent[] =>
  events.map((text) => JSON.parse(text) as SimulatedEvent);

/** Event time of an event, epoch ms. */
export const timeOf = (event: SimulatedEvent): number => Date.parse(String(event['@timestamp']));

/** Most distinct values that one key has within any window of that length; items in order of time. */
export function mostWithin<T>(
  items: readonly T[],
  windowMs: number,
  of: {
    readonly at: (item: T) => number;
    readonly key: (item: T) => string;
    readonly value: (item: T) => string;
  },
): number {
  const byKey = new Map<string, T[]>();
  for (const item of items) byKey.set(of.key(item), [...(byKey.get(of.key(item)) ?? []), item]);
  let most = 0;
  for (const list of byKey.values())
    list.forEach((first, index) => {
      const within = list.slice(index).filter((item) => of.at(item) - of.at(first) < windowMs);
      most = Math.max(most, new Set(within.map(of.value)).size);
    });
  return most;
}
