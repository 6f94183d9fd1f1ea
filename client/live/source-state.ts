import type { SourceHealth } from '../../shared/live/frame.ts';

/** How a source is: heard and well, quiet for too long, broken, or not heard since the start though it may be quiet. */
export type Sound = 'heard' | 'silent' | 'fault' | 'never';

/** What to say of a source; a fault goes before silence, since it explains it. */
export function soundOf(source: Pick<SourceHealth, 'fault' | 'silent' | 'lastHeard'>): Sound {
  if (source.fault !== null) return 'fault';
  if (source.silent) return 'silent';
  return source.lastHeard === null ? 'never' : 'heard';
}
