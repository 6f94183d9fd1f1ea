import type { LogEntry } from './api/services.ts';
import type { SocketFact } from './audit/socket-notes.ts';

/** A command that a socket sent, by its name in the table of socket events; `null` when it is none. */
export interface SocketCommand {
  readonly name: string | null;
  readonly user: string | undefined;
  readonly address: string;
  readonly tookMs: number;
}

/** Tells sockets that come and go and what they ask for, for debugging: never a header, and no name that is not ours. */
export function createSocketLog(log: (entry: LogEntry) => void) {
  const debug = (entry: Omit<LogEntry, 'level'>): void => log({ ...entry, level: 'debug' });
  return {
    fact(fact: SocketFact): void {
      if (fact.kind === 'ended') debug({ event: 'socket:ended', detail: `${fact.id}: ${fact.reason}` });
      else {
        const detail = fact.kind === 'connected' ? fact.id : fact.reason;
        debug({ event: `socket:${fact.kind}`, address: fact.address, detail });
      }
    },
    command({ name, user, address, tookMs }: SocketCommand): void {
      debug({
        event: 'socket:asked',
        user,
        address,
        detail: `${name ?? '(no command of ours)'} ${Math.max(0, tookMs)} ms`,
      });
    },
  };
}
