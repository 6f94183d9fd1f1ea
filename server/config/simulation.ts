import { join } from 'node:path';
import type { SourceConfiguration } from './configuration.ts';

/** Ids of the simulation's sources: the site's access log, and the application's own events. */
export const simulationSources = { accessLog: 'nginx', accounts: 'sipol' } as const;

const expectEveryMs = 30_000;

/** Where the simulation writes its access log. */
export const demoLogPath = (dataDir: string): string => join(dataDir, 'demo', 'access.log');

/** The sources of a simulation; logins come by `sipol`, so the access log's are not counted a second time. */
export function simulationSourceList(dataDir: string, tokenSha256: string): SourceConfiguration[] {
  return [
    {
      id: simulationSources.accessLog,
      kind: 'file',
      paths: [demoLogPath(dataDir)],
      start: 'beginning',
      format: 'combined',
      logins: null,
      trustedProxies: [],
      expectEveryMs,
    },
    {
      id: simulationSources.accounts,
      kind: 'http',
      tokenSha256,
      format: 'ecs-json',
      logins: null,
      trustedProxies: [],
      expectEveryMs,
    },
  ];
}
