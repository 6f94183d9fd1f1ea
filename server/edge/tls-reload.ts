import { statSync } from 'node:fs';
import type { Server as HttpsServer } from 'node:https';
import type { ServerTls } from '../config/configuration.ts';
import { nodeFiles } from '../config/file-access.ts';
import { readKeyPair } from '../config/pem.ts';

export interface TlsReloadParts {
  readonly server: Pick<HttpsServer, 'setSecureContext'>;
  readonly tls: ServerTls;
  /** Calls again and again until cancelled. */
  readonly every: (callback: () => void, ms: number) => { cancel(): void };
  readonly log: (entry: {
    readonly level: 'info' | 'warn';
    readonly event: string;
    readonly detail: string;
  }) => void;
}

/** New certificates without a restart. */
export interface TlsReload {
  /** Reads certificate and key again now; what is wrong with them is logged, and the old ones stay. */
  reload(): void;
  stop(): void;
}

const lookEveryMs = 5_000;

/** Reads certificate and key again when their files change; connections that are open keep theirs. */
export function createTlsReload({ server, tls, every, log }: TlsReloadParts): TlsReload {
  const { paths, minVersion } = tls;
  let seen = stateOf(paths);
  const reload = (): void => {
    seen = stateOf(paths);
    const pair = readKeyPair(nodeFiles, paths);
    if (!pair.ok) {
      const file = pair.of === 'key' ? paths.key : paths.cert;
      log({ level: 'warn', event: 'certificate:refused', detail: `${file}: ${pair.message}` });
      return;
    }
    server.setSecureContext({ ...pair.value, minVersion });
    log({ level: 'info', event: 'certificate:loaded', detail: paths.cert });
  };
  const timer = every(() => {
    if (stateOf(paths) !== seen) reload();
  }, lookEveryMs);
  return { reload, stop: () => timer.cancel() };
}

/** What tells one state of both files from another; links are followed, since a renewed certificate is often behind a new one. */
function stateOf({ cert, key }: ServerTls['paths']): string {
  return [cert, key]
    .map((path) => {
      const stats = statSync(path, { throwIfNoEntry: false });
      return stats ? `${stats.ino} ${stats.mtimeMs} ${stats.size}` : 'none';
    })
    .join('; ');
}
