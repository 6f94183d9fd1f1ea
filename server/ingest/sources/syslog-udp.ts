import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { ListenAddress } from '../../config/configuration.ts';
import { plainAddress } from './allowed-addresses.ts';
import type { ChunkStream } from './chunk-stream.ts';
import { createKernelDrops } from './udp-kernel-drops.ts';
import type { SyslogLimits } from './syslog-limits.ts';
import { oneLine } from './syslog-line.ts';
import type { Listener } from './syslog-streams.ts';
import type { Troubles } from './syslog-troubles.ts';

/** What we ask the kernel to keep of datagrams that we have not read yet; it may give less. */
const receiveBufferBytes = 8_388_608;

export interface DatagramListenerParts {
  readonly listen: ListenAddress;
  readonly isAllowed: (address: string) => boolean;
  readonly limits: Pick<SyslogLimits, 'maxUdpBytes'>;
  readonly troubles: Troubles;
  readonly openStream: (kind: 'udp', onDurable: () => void) => ChunkStream;
}

const nothing = new Uint8Array(0);

/** Listens for datagrams, each one message. Nobody can be told to wait: what comes faster than it becomes durable is rejected. */
export async function listenForDatagrams(parts: DatagramListenerParts): Promise<Listener> {
  const { troubles } = parts;
  const stream = parts.openStream('udp', () => undefined);
  const socket = createSocket({ type: isIPv6(parts.listen.host) ? 'udp6' : 'udp4' });
  socket.on('message', (message, { address: peer }) => {
    const address = plainAddress(peer);
    if (!parts.isAllowed(address)) troubles.refuse('address-not-allowed', address);
    else if (stream.underWay() + message.length > parts.limits.maxUdpBytes)
      troubles.reject('udp-queue-full', message.subarray(0, 200), address);
    else stream.add(oneLine(message));
  });
  await bound(socket, parts.listen);
  socket.on('error', (error) => troubles.refuse('socket-error', error.message));
  try {
    socket.setRecvBufferSize(receiveBufferBytes);
  } catch {
    // The system's own size serves too; what it can't hold is counted below.
  }
  const { port, address } = socket.address();
  const countDrops = createKernelDrops({ address, port });
  let isClosed = false;

  return {
    port: () => port,
    sweep: () => {
      void countDrops().then((lines) => {
        if (lines > 0 && !isClosed) troubles.reject('udp-kernel-drop', nothing, 'unknown senders', lines);
      });
    },
    stop: async () => {
      if (!isClosed) socket.close();
      isClosed = true;
      stream.flush();
      await stream.settled();
    },
  };
}

function bound(socket: ReturnType<typeof createSocket>, { host, port }: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void => {
      socket.close();
      reject(error);
    };
    socket.once('error', refuse);
    socket.bind(port, host, () => {
      socket.off('error', refuse);
      resolve();
    });
  });
}
