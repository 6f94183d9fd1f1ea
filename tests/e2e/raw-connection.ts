import { connect, type Socket } from 'node:net';
import { livePath } from '../../shared/live/protocol.ts';

export interface Where {
  readonly port: number;
  /** Address of the loopback that it comes from. */
  readonly from?: string;
}

/** A TCP connection of the loopback; its errors are its end. */
export function open({ port, from = '127.0.0.1' }: Where): Socket {
  const socket = connect({ host: '127.0.0.1', port, localAddress: from });
  socket.on('error', () => undefined);
  return socket;
}

/** What the other side says to these bytes until it closes, or until `ms` are over. */
export function say(where: Where, bytes: string | Buffer, ms = 3_000): Promise<string> {
  return new Promise((resolve) => {
    const socket = open(where);
    let text = '';
    const done = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(text);
    };
    const timer = setTimeout(done, ms);
    socket.on('data', (chunk) => void (text += chunk.toString('latin1')));
    socket.on('close', done);
    socket.write(bytes);
  });
}

/** Status of an answer, 0 when there was none. */
export const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);

/** Request line and headers of an upgrade to a live socket. */
export const upgradeOf = (
  port: number,
  headers: readonly string[] = [],
  query = 'EIO=4&transport=websocket',
) =>
  [
    `GET ${livePath}/?${query} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    'Sec-WebSocket-Version: 13',
    ...headers,
    '',
    '',
  ].join('\r\n');

/** A text frame of WebSocket as a client sends it. */
export function frame(text: string, opcode = 1): Buffer {
  const body = Buffer.from(text);
  const length = body.length;
  const size =
    length < 126
      ? [0x80 | length]
      : length < 65_536
        ? [0xfe, length >> 8, length & 255]
        : [0xff, 0, 0, 0, 0, (length >>> 24) & 255, (length >> 16) & 255, (length >> 8) & 255, length & 255];
  return Buffer.concat([Buffer.from([0x80 | opcode, ...size, 0, 0, 0, 0]), body]);
}

export interface RawSocket {
  readonly socket: Socket;
  /** All that came so far. */
  text(): string;
  send(text: string, opcode?: number): void;
  /** Resolves once it is closed by the other side; true when that was within `ms`. */
  closed(ms?: number): Promise<boolean>;
}

/** A live socket without a library, so that anything can be sent; with a cookie it is connected to the namespace. */
export async function openRaw(
  where: Where & { cookie?: string; origin?: string; headers?: readonly string[] },
): Promise<RawSocket> {
  const { port, cookie, origin = `http://127.0.0.1:${port}` } = where;
  const socket = open(where);
  let text = '';
  let isClosed = false;
  const gone = new Promise<void>((resolve) => {
    socket.on('close', () => {
      isClosed = true;
      resolve();
    });
  });
  socket.on('data', (chunk) => void (text += chunk.toString('latin1')));
  const seen = async (part: string): Promise<void> => {
    for (let tries = 0; !text.includes(part) && !isClosed && tries < 500; tries += 1)
      await new Promise((resolve) => void setTimeout(resolve, 10));
  };
  const headers = [
    `Origin: ${origin}`,
    ...(where.headers ?? []),
    ...(cookie === undefined ? [] : [`Cookie: ${cookie}`]),
  ];
  socket.write(upgradeOf(port, headers));
  await seen('"sid"');
  if (cookie !== undefined) {
    socket.write(frame('40'));
    await seen('40{"sid"');
  }
  return {
    socket,
    text: () => text,
    send: (content, opcode) => void socket.write(frame(content, opcode)),
    closed: (ms = 5_000) =>
      Promise.race([
        gone.then(() => true),
        new Promise<boolean>((resolve) => void setTimeout(() => resolve(isClosed), ms)),
      ]),
  };
}
