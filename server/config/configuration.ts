import type { Agency } from '../../shared/authority.ts';
import type { SessionLimits } from '../auth/session-limits.ts';
import type { HeadTarget } from '../audit/head-export.ts';
import type { FieldName } from '../../shared/event/fields.ts';
import type { Party, RegisteredAccount } from '../../shared/party.ts';
import type { Role } from '../../shared/role.ts';
import type { Limits } from '../limits/limits.ts';
import type { LogLevel } from '../log.ts';
import type { KeyPair } from './pem.ts';
import type { sourceFormats } from './source-formats.ts';

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
    /** `null`: plain HTTP, TLS is a proxy's. */
    readonly tls: ServerTls | null;
    /** Addresses and networks (CIDR) of the proxies in front of this server, whose forwarded-for list is believed. */
    readonly trustedProxies: readonly string[];
  };
  /** When sessions end by themselves. */
  readonly sessions: SessionLimits;
  /** Limits of requests, searches and sockets. */
  readonly limits: Limits;
  /** Agencies whose people may be users; the first is the commission's own. */
  readonly agencies: readonly Agency[];
  readonly parties: readonly Party[];
  /** Accounts that the commission registered, by name; empty when it named none. */
  readonly registeredAccounts: readonly RegisteredAccount[];
  /** Folders of Sigma rules beside the shipped ones. */
  readonly ruleDirs: readonly string[];
  readonly sources: readonly SourceConfiguration[];
  readonly geo: GeoConfiguration;
  /** For sources that name none of their own. */
  readonly trustedProxies: readonly string[];
  /** Lower-case hex SHA-256 of the bearer token for `/metrics`; `null`: there is no such address. */
  readonly metricsTokenSha256: string | null;
  /** Where the head of the audit log is sent each hour; `null` nowhere. */
  readonly auditHeads: HeadTarget | null;
  /** A signal at or above this score (0 to 100) raises an alert. */
  readonly signalAlertScore: number;
  /** Signing in by OpenID Connect beside passwords; `null`: by passwords only. */
  readonly oidc: OidcConfiguration | null;
  /** How much our own log tells. */
  readonly logLevel: LogLevel;
}

/** The provider of identities, and what of its claims makes a user. */
export interface OidcConfiguration {
  /** As its discovery document names itself. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Text of the button. */
  readonly label: string;
  /** One of the server's origins: where the provider sends the browser back to. */
  readonly redirectOrigin: string;
  readonly scopes: readonly string[];
  /** Names of claims of the ID token or of userinfo, or paths with dots into it; without one for the agency all are of the first agency. */
  readonly claims: { readonly name: string; readonly role: string; readonly agency: string | null };
  /** Values of the claim for the role; who has none of them is refused. */
  readonly roles: ReadonlyMap<string, Role>;
  /** Values of the claim for the agency, to ids. */
  readonly agencies: ReadonlyMap<string, string>;
  /** Whether everybody must have proven a second factor there; leads and admins always must. */
  readonly requireMfa: boolean;
  /** Where signing out ends a session: here only, at the provider too, or there and then back at `redirectOrigin`. */
  readonly signOut: 'here' | 'provider' | 'provider-and-back';
  /** What counts as such a proof: one of the values of `amr`, or the value of `acr`. */
  readonly mfa: { readonly amr: readonly string[]; readonly acr: readonly string[] };
}

/** TLS of the server: texts in PEM, and their files, absolute, to be read again when they change. */
export interface ServerTls {
  readonly paths: KeyPair;
  readonly pair: KeyPair;
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
}

/** Where the country and the network of an address are looked up. */
export interface GeoConfiguration {
  readonly country: GeoData;
  readonly network: GeoData;
}

/** The data that comes with Siaga, the operator's own `.mmdb` file, or none. */
export type GeoData =
  { readonly kind: 'shipped' } | { readonly kind: 'file'; readonly path: string } | { readonly kind: 'none' };

export type SourceFormat = (typeof sourceFormats)[number];

/** Fields, and where a JSON object of the source has them: a key, or a path with dots. */
export type FieldMapping = readonly (readonly [field: FieldName, path: string])[];

interface SourceBase {
  readonly id: string;
  readonly format: SourceFormat;
  /** Zone of times that name no offset, an IANA name or an offset; UTC when it is absent. */
  readonly zone?: string;
  /** For `nginx-json`: fields that have names of the source's own. */
  readonly fields?: FieldMapping;
  /** Whether requests to a login path of this source count as login attempts; off where login events come by another source. */
  readonly logins: LoginRecognition | null;
  /** Addresses and networks (CIDR) of the proxies whose forwarded-for list is believed. */
  readonly trustedProxies: readonly string[];
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

/** An address of this machine to listen on; port 0 lets the system choose. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** A way in over TLS: texts in PEM. */
export interface SyslogTls {
  readonly listen: ListenAddress;
  readonly cert: string;
  readonly key: string;
  /** Who signs the certificates of clients, which then must have one; `null` asks for none. */
  readonly ca: string | null;
}

export interface SyslogSourceConfiguration extends SourceBase {
  readonly kind: 'syslog';
  readonly udp: ListenAddress | null;
  readonly tcp: ListenAddress | null;
  readonly tls: SyslogTls | null;
  /** Addresses and networks (CIDR) that may send; `null`, on the loopback only, everybody. */
  readonly allow: readonly string[] | null;
}

export type SourceConfiguration =
  FileSourceConfiguration | HttpSourceConfiguration | SyslogSourceConfiguration;

/** How a login attempt looks in an access log. */
export interface LoginRecognition {
  readonly method: string;
  readonly paths: readonly string[];
  readonly success: readonly number[];
  readonly failure: readonly number[];
  readonly blocked: readonly number[];
}
