import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { OidcConfiguration } from '../../../../server/config/configuration.ts';
import { createOidc } from '../../../../server/auth/oidc/oidc.ts';
import { listenOnLoopback, openApi, type ApiDesk } from '../../api/support.ts';
import { openHandBrowser, type HandBrowser, type Page } from './browser-by-hand.ts';
import {
  clientId,
  clientSecret,
  startProvider,
  type Person,
  type ProviderOptions,
  type TestProvider,
} from './test-provider.ts';

export interface OidcDesk {
  readonly api: ApiDesk;
  readonly provider: TestProvider;
  /** Where Siaga is. */
  readonly origin: string;
  readonly faults: string[];
  /** Signs in as that person of the provider, from the first address to the last. */
  signIn(login: string, options?: SignInOptions): Promise<SignInWalk>;
  /** The newest notes of the audit log, oldest first: action, outcome, actor, target, detail. */
  notes(): Promise<Note[]>;
  close(): Promise<void>;
}

export interface SignInOptions {
  readonly browser?: HandBrowser;
  readonly next?: string;
  /** Sees, and may change, each address; `null` stops. */
  readonly at?: (url: URL) => URL | null;
}

export interface SignInWalk {
  readonly browser: HandBrowser;
  readonly pages: readonly Page[];
  /** Path and query where it ended. */
  readonly end: string;
  /** `Cookie` for the API; empty without a session. */
  readonly cookie: string;
}

interface Note {
  action: string;
  outcome: string;
  actor: string;
  target: string;
  detail: unknown;
}

export interface DeskOptions {
  readonly configuration?: Partial<OidcConfiguration>;
  readonly people?: Record<string, Person>;
  readonly providerTimeoutMs?: number;
  readonly provider?: Omit<ProviderOptions, 'siaga'>;
  /** Another address than that of the provider. */
  readonly issuer?: (provider: TestProvider) => string;
}

/** Somebody with a second factor and that role. */
export const person = (name: string, role: string, more: Record<string, unknown> = {}): Person => ({
  claims: { preferred_username: name, groups: [`siaga-${role}`], agency: 'bssn', ...more },
  amr: ['pwd', 'mfa'],
});

/** Siaga's API over a real provider, both on the loopback. */
export async function openOidcDesk(options: DeskOptions = {}): Promise<OidcDesk> {
  const server = await listenOnLoopback();
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const provider = await startProvider({ siaga: origin, ...options.provider });
  for (const [login, each] of Object.entries(options.people ?? {})) provider.people.set(login, each);
  const faults: string[] = [];
  const configuration: OidcConfiguration = {
    issuer: options.issuer?.(provider) ?? provider.issuer,
    clientId,
    clientSecret,
    label: 'Masuk dengan SSO',
    redirectOrigin: origin,
    scopes: ['openid', 'profile'],
    claims: { name: 'preferred_username', role: 'groups', agency: 'agency' },
    roles: new Map([
      ['siaga-viewer', 'viewer'],
      ['siaga-analyst', 'analyst'],
      ['siaga-lead', 'lead'],
      ['siaga-admin', 'admin'],
    ]),
    agencies: new Map([
      ['bssn', 'BSSN'],
      ['polri', 'POLRI'],
    ]),
    signOut: 'provider',
    requireMfa: true,
    mfa: { amr: ['mfa'], acr: ['2'] },
    ...options.configuration,
  };
  const api = await openApi({
    server,
    origins: [origin],
    oidc: ({ auth, clock }) =>
      createOidc({
        configuration,
        ownAgency: 'KPU',
        auth,
        now: () => clock.now,
        random: (size) => randomBytes(size),
        secureCookies: false,
        onFault: (detail) => faults.push(detail),
        ...(options.providerTimeoutMs === undefined ? {} : { providerTimeoutMs: options.providerTimeoutMs }),
      }),
  });
  return {
    api,
    provider,
    origin,
    faults,
    signIn: (login, walk) => signIn(origin, login, walk),
    notes: () => notesOf(api),
    async close() {
      await api.close();
      await provider.close();
    },
  };
}

async function signIn(origin: string, login: string, options: SignInOptions = {}): Promise<SignInWalk> {
  const { browser = openHandBrowser(), next = '/', at = (url: URL) => url } = options;
  const pages = await browser.follow(`${origin}/api/oidc/begin?next=${encodeURIComponent(next)}`, (url) => {
    if (url.pathname.startsWith('/interaction/')) url.searchParams.set('login', login);
    return at(url);
  });
  const session = browser.cookies.get(origin)?.get('siaga_session');
  const end = pages.at(-1)?.url;
  return {
    browser,
    pages,
    end: end ? `${end.pathname}${end.search}` : '',
    cookie: session === undefined ? '' : `siaga_session=${session}`,
  };
}

async function notesOf({ desk }: ApiDesk): Promise<Note[]> {
  const rows = await desk.store.db.selectFrom('audit').selectAll().orderBy('seq').execute();
  return rows.map(({ action, outcome, actor, target, detail }) => ({
    action,
    outcome,
    actor,
    target,
    detail: JSON.parse(detail) as unknown,
  }));
}
