import type { Party } from '../../shared/party.ts';

/** What a valid configuration comes to: files read, defaults filled in, nothing started. */
export interface Configuration {
  readonly mode: 'simulation' | 'production';
  readonly dataDir: string;
  readonly server: {
    readonly host: string;
    readonly port: number;
    /** Origins, exact, that a browser may come from; the server's own are always among them. */
    readonly origins: readonly string[];
    /** `Secure` on the cookie: on behind TLS. */
    readonly secureCookies: boolean;
  };
  readonly parties: readonly Party[];
  /** Folders of Sigma rules beside the shipped ones. */
  readonly ruleDirs: readonly string[];
  readonly sources: readonly SourceConfiguration[];
  /** Lower-case hex SHA-256 of the bearer token for `/metrics`; `null`: there is no such address. */
  readonly metricsTokenSha256: string | null;
  /** A signal at or above this score (0 to 100) raises an alert. */
  readonly signalAlertScore: number;
}

export type SourceFormat = 'auto' | 'combined' | 'common' | 'ecs-json';

interface SourceBase {
  readonly id: string;
  readonly format: SourceFormat;
  /** Whether requests to a login path of this source count as login attempts; off where login events come by another source. */
  readonly logins: LoginRecognition | null;
  /** Quiet for longer than this, the source is silent and the state word CANNOT TELL; `null` never. */
  readonly expectEveryMs: number | null;
}

export interface FileSourceConfiguration extends SourceBase {
  readonly kind: 'file';
  /** Names or patterns of files, absolute. */
  readonly paths: readonly string[];
  /** Where to begin in the files that are there at the first start ever. */
  readonly start: 'beginning' | 'end';
}

export interface HttpSourceConfiguration extends SourceBase {
  readonly kind: 'http';
  /** Lower-case hex SHA-256 of the bearer token. */
  readonly tokenSha256: string;
}

export type SourceConfiguration = FileSourceConfiguration | HttpSourceConfiguration;

/** How a login attempt looks in an access log. */
export interface LoginRecognition {
  readonly method: string;
  readonly paths: readonly string[];
  readonly success: readonly number[];
  readonly failure: readonly number[];
  readonly blocked: readonly number[];
}
