import { once } from 'node:events';
import type { WriteStream } from 'node:tty';
import type { CommandIo, Output } from './command.ts';

/** A command's way to this process. */
export function processIo(): CommandIo {
  return {
    stdin: process.stdin,
    stdout: outputTo(process.stdout),
    stderr: outputTo(process.stderr),
    env: process.env,
    cwd: process.cwd(),
    now: () => Date.now(),
  };
}

/** Whoever reads our output may stop, as `head` does: then there is nothing left to do, and nothing to complain of. */
export function endQuietlyWhenUnread(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
      throw error;
    });
}

function outputTo(stream: WriteStream): Output {
  return {
    isTerminal: stream.isTTY ?? false,
    columns: stream.columns ?? 80,
    write: async (text) => {
      if (!stream.write(text)) await once(stream, 'drain');
    },
  };
}
