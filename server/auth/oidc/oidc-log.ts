import type { LogEntry } from '../../api/services.ts';
import type { Oidc } from './oidc.ts';

export interface OidcLogParts {
  readonly log: (entry: LogEntry) => void;
  /** Epoch ms. */
  readonly now: () => number;
}

/** The same way of signing in, with its steps told for debugging: never a code, a state, a cookie or a claim. */
export function withOidcLog(oidc: Oidc, { log, now }: OidcLogParts): Oidc {
  const told = async <T>(
    { event, address }: Pick<LogEntry, 'event' | 'address'>,
    step: () => Promise<T>,
    outcomeOf: (result: T) => string,
  ): Promise<T> => {
    const begun = now();
    const result = await step();
    const took = Math.max(0, now() - begun);
    log({ level: 'debug', event, address, detail: `${outcomeOf(result)}, ${took} ms` });
    return result;
  };
  return {
    ...oidc,
    begin: (request) =>
      told(
        { event: 'oidc:begun', address: request.address },
        () => oidc.begin(request),
        (result) => (result.ok ? 'sent to the provider' : `refused: ${result.code}`),
      ),
    finish: (request) =>
      told(
        { event: 'oidc:returned', address: request.address },
        () => oidc.finish(request),
        (result) => (result.ok ? `signed in as ${result.value.signedIn.name}` : `refused: ${result.code}`),
      ),
  };
}
