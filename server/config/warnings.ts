import type { Configuration } from './configuration.ts';

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

/** What a valid configuration leaves to be known: one sentence each, for the operator at the start. */
export function warningsOf(configuration: Configuration, loginsByDefault: readonly string[]): string[] {
  const { mode, parties, server, sources } = configuration;
  const warnings: string[] = [];
  if (mode === 'production' && parties.length === 0)
    warnings.push(
      'No register of parties: every party is shown as unknown, and none can be missed. Give --parties FILE.',
    );
  if (!loopback.has(server.host) && !server.secureCookies)
    warnings.push(
      `Listening on ${server.host} with cookies that travel without TLS. Put TLS in front and set server.origins or server.secureCookies.`,
    );
  const reporter = sources.find(({ format }) => format === 'ecs-json');
  if (mode === 'production' && reporter !== undefined)
    for (const id of loginsByDefault)
      warnings.push(
        `Logins are recognised in source ${id}, by default. If source ${reporter.id} reports the same logins, each counts twice: say logins: false (or true) for ${id}.`,
      );
  return warnings;
}
