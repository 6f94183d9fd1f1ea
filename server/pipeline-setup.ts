import type { Configuration, SourceConfiguration } from './config/configuration.ts';
import type { Core } from './core.ts';
import type { LineSource, PipelineSetup } from './pipeline/messages.ts';

/** What the pipeline worker is started with. */
export function pipelineSetup(
  { sources, parties, geo, signalAlertScore }: Configuration,
  core: Core,
  lastSequence: number,
): PipelineSetup {
  return {
    sources: sources.map(lineSettingsOf),
    parties,
    geo,
    ruleDirs: core.ruleDirs,
    signalAlertScore,
    accounts: core.accounts.mapping(),
    lastSequence,
  };
}

/** What the worker needs of a source; its secrets stay here. */
function lineSettingsOf(source: SourceConfiguration): LineSource {
  const { id, kind, format, zone, fields, logins, trustedProxies } = source;
  return { id, kind, format, logins, trustedProxies, ...(zone && { zone }), ...(fields && { fields }) };
}
