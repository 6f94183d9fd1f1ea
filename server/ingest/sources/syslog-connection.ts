import type { Socket } from 'node:net';
import type { ChunkStream } from './chunk-stream.ts';
import { createFrameDecoder } from './syslog-framing.ts';
import type { SyslogLimits } from './syslog-limits.ts';
import { oneLine } from './syslog-line.ts';
import type { RejectReason, Troubles } from './syslog-troubles.ts';

/** One sender over TCP or TLS while its connection stands. */
export interface SyslogConnection {
  /** Closes it when it is silent or slow for too long. */
  sweep(): void;
  /** Closes it; what is not a whole frame is rejected. */
  stop(): void;
}

export interface SyslogConnectionParts {
  readonly socket: Socket;
  /** The peer's address. */
  readonly address: string;
  readonly limits: SyslogLimits;
  readonly troubles: Troubles;
  /** Epoch ms. */
  readonly now: () => number;
  /** The stream of its lines, which calls `onDurable` whenever there are fewer under way. */
  readonly openStream: (onDurable: () => void) => ChunkStream;
  /** Bytes of all connections under way. */
  readonly allUnderWay: () => number;
  /** Called once, after the last line is gathered; lines may be under way still. */
  readonly onClosed: (stream: ChunkStream) => void;
}

/** Reads a connection until its end, and not faster than its lines become durable. */
export function serveConnection(parts: SyslogConnectionParts): SyslogConnection {
  const { socket, address, limits, troubles } = parts;
  const patience = createPatience(parts);
  let isOver = false;
  let isPaused = false;
  let messages = 0;

  const stream = parts.openStream(() => {
    if (!isPaused || stream.underWay() > shareOf(parts) / 2) return;
    isPaused = false;
    patience.beginAnew();
    socket.resume();
  });
  const decoder = createFrameDecoder(limits.maxFrameBytes, (message) => {
    messages += 1;
    stream.add(oneLine(message));
  });
  const breakOff = (reason: RejectReason, sample: Uint8Array | null): void => {
    if (isOver) return;
    isOver = true;
    if (sample !== null) troubles.reject(reason, sample, address);
    socket.destroy();
  };
  const read = (bytes: Uint8Array): void => {
    if (isOver) return;
    const before = messages;
    const fault = decoder.push(bytes);
    if (fault) return breakOff(fault.reason, fault.sample);
    patience.heard({ isWithinFrame: decoder.begun() !== null, isNewFrame: messages > before });
    isPaused = stream.underWay() > shareOf(parts);
    if (isPaused) socket.pause();
  };
  const end = (): void => {
    if (isOver) return;
    const fault = decoder.end();
    isOver = true;
    if (fault) troubles.reject(fault.reason, fault.sample, address);
  };
  socket.on('data', read);
  socket.on('end', end);
  // What went wrong follows from the frame that is missing; 'close' comes next.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    breakOff('connection-reset', decoder.begun());
    stream.flush();
    parts.onClosed(stream);
  });

  return {
    sweep: () => {
      const lost = isPaused ? null : patience.lost();
      if (lost === 'frame-too-slow') breakOff(lost, decoder.begun());
      if (lost !== 'idle' || isOver) return;
      troubles.refuse('idle', address);
      breakOff('connection-reset', decoder.begun());
    },
    stop: () => {
      // Bytes that we let wait were read from the network already.
      if (isPaused) while (!isOver && socket.read() !== null);
      breakOff('source-stopped', decoder.begun());
    },
  };
}

/** Alone a sender may have much under way, so that it isn't held up by the time that a disk takes; among many, its share. */
function shareOf({ limits, allUnderWay }: SyslogConnectionParts): number {
  const { maxConnectionBytes, maxStreamBytes, fairConnectionBytes } = limits;
  return allUnderWay() > maxStreamBytes
    ? Math.min(fairConnectionBytes, maxConnectionBytes)
    : maxConnectionBytes;
}

/** How long a sender may keep us waiting. */
function createPatience({ limits, now }: Pick<SyslogConnectionParts, 'limits' | 'now'>) {
  let heardAt = now();
  let frameSince: number | null = null;
  return {
    heard: ({ isWithinFrame, isNewFrame }: { isWithinFrame: boolean; isNewFrame: boolean }): void => {
      heardAt = now();
      if (!isWithinFrame) frameSince = null;
      else if (frameSince === null || isNewFrame) frameSince = heardAt;
    },
    /** The time in which we did not listen is not the sender's. */
    beginAnew: (): void => {
      heardAt = now();
      if (frameSince !== null) frameSince = heardAt;
    },
    lost: (): 'frame-too-slow' | 'idle' | null => {
      if (frameSince !== null && now() - frameSince >= limits.frameWithinMs) return 'frame-too-slow';
      return now() - heardAt >= limits.idleMs ? 'idle' : null;
    },
  };
}
