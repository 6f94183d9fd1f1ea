import type { SyslogLimits } from './syslog-limits.ts';
import type { RefuseReason } from './syslog-troubles.ts';

/** Counts connections of a source, in all and by address. */
export interface Door {
  /** Takes a place for a connection; the reason when there is none. */
  enter(address: string): RefuseReason | null;
  /** Takes a place even over the limits: for a closed connection whose lines are still under way. */
  hold(address: string): void;
  leave(address: string): void;
}

export function createDoor(
  isAllowed: (address: string) => boolean,
  limits: Pick<SyslogLimits, 'maxConnections' | 'maxConnectionsPerAddress'>,
): Door {
  const byAddress = new Map<string, number>();
  let inside = 0;
  const hold = (address: string): void => {
    inside += 1;
    byAddress.set(address, (byAddress.get(address) ?? 0) + 1);
  };
  return {
    enter: (address) => {
      if (!isAllowed(address)) return 'address-not-allowed';
      if (inside >= limits.maxConnections) return 'too-many-connections';
      if ((byAddress.get(address) ?? 0) >= limits.maxConnectionsPerAddress) return 'too-many-of-address';
      hold(address);
      return null;
    },
    hold,
    leave: (address) => {
      inside -= 1;
      const left = (byAddress.get(address) ?? 1) - 1;
      if (left > 0) byAddress.set(address, left);
      else byAddress.delete(address);
    },
  };
}
