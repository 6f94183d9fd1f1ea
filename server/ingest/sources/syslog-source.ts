import type { ListenAddress, SyslogTls } from '../../config/configuration.ts';
import type { HandOver, Reject, Source } from '../source.ts';
import { createAllowed } from './allowed-addresses.ts';
import { createChunkStream, type Schedule } from './chunk-stream.ts';
import { createDoor } from './syslog-door.ts';
import type { SyslogLimits } from './syslog-limits.ts';
import { listenForStreams, type Listener } from './syslog-streams.ts';
import { createTroubles } from './syslog-troubles.ts';
import { listenForDatagrams } from './syslog-udp.ts';

const sweepEveryMs = 1_000;

export interface SyslogSourceParts {
  readonly source: string;
  readonly udp: ListenAddress | null;
  readonly tcp: ListenAddress | null;
  readonly tls: SyslogTls | null;
  /** Addresses and networks of senders; `null` lets everybody in. */
  readonly allow: readonly string[] | null;
  readonly limits: SyslogLimits;
  readonly reject: Reject;
  readonly log: (message: string) => void;
  /** Epoch ms. */
  readonly now: () => number;
  /** Names a connection; never the same twice. */
  readonly newId: () => string;
  readonly schedule: Schedule;
  /** Calls back every so many ms until cancelled. */
  readonly every: Schedule;
}

type Way = 'udp' | 'tcp' | 'tls';

/** A source that hears syslog (RFC 3164, 5424) over UDP, TCP and TLS. */
export interface SyslogSource extends Source {
  /** The port of a way in while it listens. */
  port(way: Way): number | null;
}

/** `start` rejects, with nothing left open, when one of the addresses can't be listened on. */
export function createSyslogSource(parts: SyslogSourceParts): SyslogSource {
  const listeners = new Map<Way, Listener>();
  const troubles = createTroubles(parts);
  let sweeping: { cancel(): void } | null = null;

  const stop = async (): Promise<void> => {
    sweeping?.cancel();
    await Promise.all([...listeners.values()].map((listener) => listener.stop()));
  };
  return {
    id: parts.source,
    kind: 'syslog',
    start: async (handOver) => {
      for (const [way, listen, open] of waysIn(parts, troubles, handOver))
        try {
          listeners.set(way, await open());
        } catch (error) {
          await stop();
          const reason = error instanceof Error ? error.message : String(error);
          throw new Error(
            `source ${parts.source} can't listen on ${listen.host}:${listen.port} (${way}): ${reason}`,
            { cause: error },
          );
        }
      sweeping = parts.every(() => {
        for (const listener of listeners.values()) listener.sweep();
        troubles.sweep();
      }, sweepEveryMs);
    },
    stop,
    fault: () => (troubles.areLinesMissing() ? 'overloaded' : null),
    port: (way) => listeners.get(way)?.port() ?? null,
  };
}

type WayIn = readonly [way: Way, listen: ListenAddress, open: () => Promise<Listener>];

function waysIn(
  parts: SyslogSourceParts,
  troubles: ReturnType<typeof createTroubles>,
  handOver: HandOver,
): WayIn[] {
  const { udp, tcp, tls, limits } = parts;
  const isAllowed = createAllowed(parts.allow);
  const door = createDoor(isAllowed, limits);
  const openStream = (way: Way, onDurable: () => void) =>
    createChunkStream({ ...parts, ...limits, id: `${way}:${parts.newId()}`, handOver, onDurable });
  const shared = { ...parts, door, troubles, openStream, isAllowed };
  const ways: WayIn[] = [];
  if (udp) ways.push(['udp', udp, () => listenForDatagrams({ ...shared, listen: udp })]);
  if (tcp) ways.push(['tcp', tcp, () => listenForStreams({ ...shared, listen: tcp, tls: null })]);
  if (tls) ways.push(['tls', tls.listen, () => listenForStreams({ ...shared, listen: tls.listen, tls })]);
  return ways;
}
