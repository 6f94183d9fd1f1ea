import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider, type ProviderContext } from 'oidc-provider';

/** Somebody whom the provider knows. */
export interface Person {
  /** Claims of the scope `profile`. */
  claims: Record<string, unknown>;
  amr?: string[];
  acr?: string;
}

/** A real provider on the loopback, with a sign-in that only asks for a name. */
export interface TestProvider {
  readonly issuer: string;
  /** By the name that is asked for, which is the subject too. */
  readonly people: Map<string, Person>;
  /** What it does to an ID token on its way out. */
  tamper: ((idToken: string) => string) | null;
  /** Requests wait for this before they are answered. */
  hold: Promise<void> | null;
  /** Requests heard so far. */
  readonly heard: string[];
  close(): Promise<void>;
}

export const clientId = 'siaga';
export const clientSecret = 'a-secret-of-the-client-0001';

export interface ProviderOptions {
  /** Name that browsers find it by. */
  readonly host?: string;
  readonly redirectUris: readonly string[];
}

/** Starts it on a free port. */
export async function startProvider({
  host = '127.0.0.1',
  redirectUris,
}: ProviderOptions): Promise<TestProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const desk: TestProvider = {
    issuer: `http://${host}:${port}`,
    people: new Map(),
    tamper: null,
    hold: null,
    heard: [],
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const provider = new Provider(desk.issuer, configurationOf(desk, redirectUris));
  provider.use(async (context, next) => {
    await next();
    const body = context.body as { id_token?: string } | undefined;
    if (context.path === '/token' && body?.id_token && desk.tamper)
      body.id_token = desk.tamper(body.id_token);
  });
  const answer = provider.callback();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    desk.heard.push(`${request.method} ${request.url?.split('?')[0]}`);
    void (async () => {
      await desk.hold;
      if (request.url?.startsWith('/interaction/')) await signIn(provider, desk, request, response);
      else answer(request, response);
    })();
  });
  return desk;
}

function configurationOf({ people }: TestProvider, redirectUris: readonly string[]) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  return {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: redirectUris }],
    cookies: { keys: ['a key of the cookies of this test'] },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }] },
    claims: {
      openid: ['sub', 'acr', 'amr'],
      profile: ['preferred_username', 'email', 'groups', 'realm_access', 'agency'],
    },
    ttl: {
      Interaction: 600,
      Grant: 600,
      Session: 600,
      AccessToken: 600,
      IdToken: 600,
      AuthorizationCode: 60,
    },
    acrValues: ['1', '2'],
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_context: unknown, accountId: string) => ({
      accountId,
      claims: () => ({ sub: accountId, ...people.get(accountId)?.claims }),
    }),
    loadExistingGrant: async ({ oidc }: ProviderContext) => {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client.clientId,
        accountId: oidc.session.accountId,
      });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
  };
}

const form = `<!doctype html><title>Provider</title><link rel=icon href=data:,><form><input name="login"><button>Go</button></form>`;

/** `?login=NAME` signs in, `?login=` is a person who says no, and without it there is a form. */
async function signIn(
  provider: Provider,
  { people }: TestProvider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const login = new URL(request.url ?? '', 'http://provider.invalid').searchParams.get('login');
  if (login === null) return void response.setHeader('content-type', 'text/html').end(form);
  const { amr, acr } = people.get(login) ?? {};
  const result =
    login === ''
      ? { error: 'access_denied' }
      : { login: { accountId: login, ...(amr ? { amr } : {}), ...(acr ? { acr } : {}) } };
  await provider.interactionFinished(request, response, result);
}
