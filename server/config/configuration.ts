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
  readonly geo: GeoConfiguration;
  /** For sources that name none of their own. */
  readonly trustedProxies: readonly string[];
  /** A signal at or above this score (0 to 100) raises an alert. */
  readonly signalAlertScore: number;
}

/** Where the country and the network of an address are looked up. */
export interface GeoConfiguration {
  readonly country: GeoData;
  readonly network: GeoData;
}

/** The data that comes with Siaga, the operator's own `.mmdb` file, or none. */
export type GeoData =
  { readonly kind: 'shipped' } | { readonly kind: 'file'; readonly path: string } | { readonly kind: 'none' };

export type SourceFormat = 'auto' | 'combined' | 'common' | 'ecs-json';

interface SourceBase {
  readonly id: string;
  readonly format: SourceFormat;
  /** Whether requests to a login path of this source count as login attempts; off where login events come by another source. */
  readonly logins: LoginRecognition | null;
  /** Addresses and networks (CIDR) of the proxies whose forwarded-for list is believed. */
  readonly trustedProxies: readonly string[];
  /** Quiet for longer than this, the source is silent and the state word CANNOT TELL; `null` never. */
  readonly expectEveryMs: number | null;
}

export interface FileSourceConfiguration extends SourceBase {
  readonly kind: 'file';
  readonly path: string;
  /** Where to begin in a file never seen before. */
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
