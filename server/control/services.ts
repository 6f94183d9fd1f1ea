import { randomUUID } from 'node:crypto';
import type { Ledger } from '../../shared/api/ledger.ts';
import type { Log } from '../api/services.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Auth } from '../auth/auth.ts';
import type { Configuration } from '../config/configuration.ts';
import { defaultLogins } from '../config/defaults.ts';
import type { Core } from '../core.ts';
import type { LedgerQuery } from '../coverage/balance.ts';
import { createImportDesk, type ImportDesk, type ImportSettings } from '../ingest/sources/import-desk.ts';
import { noteImports } from './note-imports.ts';
import type { PipelineHost } from '../pipeline/host.ts';
import { createPositions } from '../store/state/positions.ts';
import type { WaysIn } from '../ways-in.ts';

/** What the calls of the control socket work with. */
export interface ControlServices {
  readonly auth: Pick<Auth, 'listUsers' | 'createUser' | 'updateUser' | 'resetPassword' | 'resetFactor'>;
  readonly audit: Pick<AuditLog, 'note' | 'noteWithin'>;
  readonly ledger: (query: LedgerQuery) => Promise<Ledger>;
  readonly imports: ImportDesk;
  /** Epoch ms. */
  readonly now: () => number;
  readonly log: Log;
}

export interface ControlServicesParts {
  readonly core: Core;
  readonly waysIn: WaysIn;
  readonly configuration: Configuration;
  readonly ledger: ControlServices['ledger'];
  /** The running pipeline; started by the first import where nothing else needs it. */
  readonly pipeline: () => Promise<Pick<PipelineHost, 'handOver' | 'addHistory'>>;
  readonly now: () => number;
  readonly log: Log;
}

/** The services of a running server, or of a command that has opened the stores itself. */
export function createControlServices(parts: ControlServicesParts): ControlServices {
  const { core, waysIn, configuration, ledger, now, log } = parts;
  const begin = async ({ source, format, zone }: ImportSettings) => {
    const pipeline = await parts.pipeline();
    const { trustedProxies } = configuration;
    waysIn.ledger.expect({
      id: source,
      kind: 'import',
      expectEveryMs: null,
      fault: () => null,
      behind: () => null,
    });
    pipeline.addHistory({
      id: source,
      kind: 'file',
      format,
      logins: defaultLogins,
      trustedProxies,
      ...(zone !== undefined && { zone }),
    });
    return waysIn.withRoom(pipeline.handOver);
  };
  const desk = createImportDesk({
    memory: createPositions({ db: core.db, now }),
    isLive: (source) => configuration.sources.some(({ id }) => id === source),
    begin,
    committed: waysIn.books.committed,
    storedOf: core.events.storedOf,
    newId: randomUUID,
  });
  return { auth: core.auth, audit: core.audit, ledger, imports: noteImports(desk, core.audit), now, log };
}
