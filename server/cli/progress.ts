import cliProgress from 'cli-progress';
import type { CommandIo } from './command.ts';

/** How far a command is; drawn on standard error only when that is a terminal. */
export interface Progress {
  add(bytes: number): void;
  /** Takes the bar off the screen, until it is drawn anew, so that a line can be printed. */
  hide(): void;
  stop(): void;
}

const silent: Progress = { add: () => undefined, hide: () => undefined, stop: () => undefined };
const clearLine = '\r\u001b[K';

/** A bar of `total` bytes to be read; nothing is drawn where nobody looks, or nobody knows the total. */
export function startProgress({ stderr }: CommandIo, total: number): Progress {
  if (!stderr.isTerminal || total === 0) return silent;
  const bar = new cliProgress.SingleBar({
    format: '{bar} {percentage} %, {eta} s left',
    barCompleteChar: '=',
    barIncompleteChar: '-',
    clearOnComplete: true,
    // Its own handler of Ctrl-C would stop the bar and let the command run on; wrapping would stay off behind it.
    gracefulExit: false,
    linewrap: true,
    stream: process.stderr,
  });
  bar.start(total, 0);
  return {
    add: (bytes) => bar.increment(bytes),
    hide: () => void process.stderr.write(clearLine),
    stop: () => bar.stop(),
  };
}
