import type { Reject } from '../source.ts';
import type { FrameFault } from './syslog-framing.ts';

/** Why a line that arrived is not taken; counted as rejected. */
export type RejectReason =
  | FrameFault['reason']
  | 'frame-too-slow'
  | 'connection-reset'
  | 'source-stopped'
  | 'udp-queue-full'
  | 'udp-kernel-drop';

/** Why a connection or a datagram is sent away; nobody knows its lines, so they are not counted. */
export type RefuseReason =
  | 'address-not-allowed'
  | 'too-many-connections'
  | 'too-many-of-address'
  | 'handshake-failed'
  | 'idle'
  | 'socket-error';

/** What of it means that lines of those who may send are missing. */
const overloads: ReadonlySet<RejectReason | RefuseReason> = new Set([
  'udp-queue-full',
  'udp-kernel-drop',
  'too-many-connections',
  'too-many-of-address',
  'socket-error',
]);

/** How long the source stays overloaded after the last time it was, ms; and the pause between log lines of one reason. */
export const troubleMs = 60_000;

export interface TroublesParts {
  readonly source: string;
  readonly reject: Reject;
  readonly log: (message: string) => void;
  /** Epoch ms. */
  readonly now: () => number;
}

/** Everything that a syslog source did not take: counted, logged at most once a minute by reason, and remembered for its fault. */
export interface Troubles {
  reject(reason: RejectReason, sample: Uint8Array, from: string, lines?: number): void;
  refuse(reason: RefuseReason, from: string): void;
  /** Whether lines of those who may send got lost within the last minute. */
  readonly areLinesMissing: () => boolean;
  /** Logs what was held back; to be called now and then. */
  sweep(): void;
}

interface Held {
  count: number;
  from: string;
  loggedAt: number;
}

export function createTroubles({ source, reject, log, now }: TroublesParts): Troubles {
  const byReason = new Map<RejectReason | RefuseReason, Held>();
  let missingAt = Number.NEGATIVE_INFINITY;

  const tell = (reason: RejectReason | RefuseReason, held: Held): void => {
    log(`source ${source}: ${reason}, ${held.count} times, last from ${held.from}`);
    held.count = 0;
    held.loggedAt = now();
  };
  const note = (reason: RejectReason | RefuseReason, from: string, count: number): void => {
    if (overloads.has(reason)) missingAt = now();
    const held = byReason.get(reason) ?? { count: 0, from, loggedAt: Number.NEGATIVE_INFINITY };
    byReason.set(reason, held);
    held.count += count;
    held.from = from;
    if (now() - held.loggedAt >= troubleMs) tell(reason, held);
  };

  return {
    reject: (reason, sample, from, lines = 1) => {
      reject({ source, lines, reason, sample: Buffer.from(sample).toString('utf8') });
      note(reason, from, lines);
    },
    refuse: (reason, from) => note(reason, from, 1),
    areLinesMissing: () => now() - missingAt < troubleMs,
    sweep: () => {
      for (const [reason, held] of byReason)
        if (held.count > 0 && now() - held.loggedAt >= troubleMs) tell(reason, held);
    },
  };
}
