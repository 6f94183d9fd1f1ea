import type { AccessRequest } from './access-line.ts';
import type { Population } from './population.ts';
import type { Random } from './random.ts';

/** Fields of one event, by their ECS names. */
export type ReportedEvent = Readonly<Record<string, string | number>>;

/** What the actors of the simulation act in. Times are epoch ms of the simulation's clock. */
export interface World {
  readonly random: Random;
  readonly population: Population;
  /** When the simulation began. */
  readonly startedAt: number;
  /** Has `act` done at that time, which may be past: then it is done at once. */
  schedule(at: number, act: (at: number) => void): void;
  /** The web server answered a request. */
  request(at: number, request: AccessRequest): void;
  /** The application tells of something; `@timestamp` is added. */
  report(at: number, event: ReportedEvent): void;
}

/** Schedules `act` again and again, each time after a wait of `waitMs()` from the last. */
export function again(
  world: World,
  first: number,
  waitMs: (at: number) => number,
  act: (at: number) => void,
): void {
  const turn = (at: number): void => {
    act(at);
    world.schedule(at + waitMs(at), turn);
  };
  world.schedule(first, turn);
}

/** Schedules `act` once for each item: the first at `at`, the next ones each `everyMs` later, give or take a half. */
export function oneByOne<T>(
  world: World,
  { at, everyMs, items }: { readonly at: number; readonly everyMs: number; readonly items: readonly T[] },
  act: (at: number, item: T) => void,
): void {
  items.forEach((item, index) => {
    const offset = index === 0 ? 0 : (index + world.random.between(-0.5, 0.5)) * everyMs;
    world.schedule(at + offset, (when) => act(when, item));
  });
}
