import type { Snapshot, Subscribe } from '../../shared/live/protocol.ts';
import type { ConnectLive, LiveEvents } from '../../client/state/live-connection.ts';
import { createLiveFeed, type LiveFeed } from '../../client/state/live-feed.ts';
import { frameOf, noSeries, snapshotOf, start } from './live-samples.ts';

/** A feed on a connection whose other end is the test. */
export interface FakeLive {
  readonly feed: LiveFeed;
  readonly server: LiveEvents;
  readonly subscribed: Subscribe[];
  readonly resyncs: number[];
  readonly waits: (() => void)[];
  readonly clock: { now: number };
  readonly doubts: () => number;
  readonly closed: () => number;
  /** Queues the answer to the next subscription, an error to reject it; without one it is `snapshotOf()`. */
  readonly answer: (snapshot: unknown) => void;
  readonly answerResync: (answer: unknown) => void;
  readonly close: () => void;
}

/** Lets promises settle. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};

/** Connects a feed; `snapshot` answers the first subscription. */
export function fakeLive(): FakeLive {
  const subscribed: Subscribe[] = [];
  const resyncs: number[] = [];
  const waits: (() => void)[] = [];
  const answers: unknown[] = [];
  const resyncAnswers: unknown[] = [];
  const clock = { now: start + 10_000 };
  let doubts = 0;
  let closed = 0;
  let server: LiveEvents | null = null;
  const connect: ConnectLive = (events) => {
    server = events;
    return {
      subscribe: (body) => {
        subscribed.push(body);
        const answer = answers.length > 0 ? answers.shift() : snapshotOf();
        if (answer instanceof Error) return Promise.reject(answer);
        return answer instanceof Promise ? answer : Promise.resolve(answer);
      },
      resync: (after) => {
        resyncs.push(after);
        return Promise.resolve(resyncAnswers.shift() ?? { recent: noSeries, frame: null });
      },
      close: () => {
        closed += 1;
      },
    };
  };
  const feed = createLiveFeed({
    connect,
    now: () => clock.now,
    onDoubt: () => {
      doubts += 1;
    },
    wait: (_, then) => waits.push(then),
  });
  const close = feed.open();
  if (!server) throw new Error('the feed did not connect');
  return {
    feed,
    server,
    subscribed,
    resyncs,
    waits,
    clock,
    doubts: () => doubts,
    closed: () => closed,
    answer: (snapshot) => void answers.push(snapshot),
    answerResync: (answer) => void resyncAnswers.push(answer),
    close,
  };
}

/** A feed that is live with `snapshot`. */
export async function fakeLiveWith(snapshot: Partial<Snapshot> = {}): Promise<FakeLive> {
  const live = fakeLive();
  live.answer(snapshotOf(snapshot));
  live.server.connected();
  await settle();
  return live;
}

/** The next seconds' frames, `from` to `to` inclusive. */
export const framesOf = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => frameOf(from + index));
