import { generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
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
  /** What it does to an answer of userinfo on its way out. */
  tamperUserinfo: ((claims: Record<string, unknown>) => void) | null;
  /** Requests wait for this before they are answered. */
  hold: Promise<void> | null;
  /** Requests heard so far. */
  readonly heard: string[];
  /** A logout token of now with these claims, signed by the provider unless it is forged. */
  logoutToken(claims: Record<string, unknown>, how?: { isForged?: boolean }): string;
  close(): Promise<void>;
}

export const clientId = 'siaga';
export const clientSecret = 'a-secret-of-the-client-0001';

export interface ProviderOptions {
  /** Name that browsers find it by. */
  readonly host?: string;
  /** Origin of Siaga, whose addresses are registered. */
  readonly siaga: string;
  /** Claims of scopes stand in userinfo only. */
  readonly onlyInUserinfo?: boolean;
  /** It has an address to sign out at, unless `false`. */
  readonly endsSessions?: boolean;
  /** Another address to sign out at than its own. */
  readonly endSessionAt?: string;
  /** It tells Siaga of sessions that ended. */
  readonly tellsEnds?: boolean;
}

/** Starts it on a free port. */
export async function startProvider(options: ProviderOptions): Promise<TestProvider> {
  const { host = '127.0.0.1' } = options;
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const issuer = `http://${host}:${port}`;
  const { privateKey } = newKeys();
  const desk: TestProvider = {
    issuer,
    people: new Map(),
    tamper: null,
    tamperUserinfo: null,
    hold: null,
    heard: [],
    logoutToken: (claims, { isForged = false } = {}) =>
      signLogoutToken(isForged ? newKeys().privateKey : privateKey, { iss: issuer, ...claims }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const provider = new Provider(desk.issuer, configurationOf(desk, options, privateKey));
  provider.use(async (context, next) => {
    await next();
    const body = context.body as { id_token?: string } | undefined;
    if (context.path === '/token' && body?.id_token && desk.tamper)
      body.id_token = desk.tamper(body.id_token);
    if (context.path === '/.well-known/openid-configuration' && options.endSessionAt !== undefined)
      Object.assign(context.body as object, { end_session_endpoint: options.endSessionAt });
    if (context.path === '/me' && context.status === 200)
      desk.tamperUserinfo?.(context.body as Record<string, unknown>);
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

const page = (body: string) => `<!doctype html><title>Provider</title><link rel=icon href=data:,>${body}`;

function askToEnd(context: ProviderContext, logoutForm: string): void {
  context.body = page(`${logoutForm}<button name=logout value=yes form="op.logoutForm">End</button>`);
}

function sayEnded(context: ProviderContext): void {
  context.body = page('ended');
}

const newKeys = () => generateKeyPairSync('rsa', { modulusLength: 2_048 });

export const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

function signLogoutToken(key: KeyObject, claims: Record<string, unknown>): string {
  const now = Math.floor(Date.now() / 1_000);
  const events = { [logoutEvent]: {} };
  const all = { aud: clientId, iat: now, exp: now + 120, jti: randomUUID(), events, ...claims };
  const encoded = [{ alg: 'RS256', typ: 'logout+jwt', kid: 'one' }, all].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const signature = sign('sha256', Buffer.from(encoded.join('.')), key);
  return [...encoded, signature.toString('base64url')].join('.');
}

function configurationOf(
  { people }: TestProvider,
  { siaga, onlyInUserinfo = false, endsSessions = true, tellsEnds = false }: ProviderOptions,
  privateKey: KeyObject,
) {
  return {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [`${siaga}/api/oidc/callback`],
        post_logout_redirect_uris: [`${siaga}/api/oidc/signed-out`],
        ...(tellsEnds && {
          backchannel_logout_uri: `${siaga}/api/oidc/back-channel`,
          backchannel_logout_session_required: true,
        }),
      },
    ],
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
    conformIdTokenClaims: onlyInUserinfo,
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: tellsEnds },
      rpInitiatedLogout: { enabled: endsSessions, logoutSource: askToEnd, postLogoutSuccessSource: sayEnded },
    },
    // As it is, it calls no address of this machine.
    fetch: (url: string, { dispatcher: _dispatcher, ...options }: RequestInit & { dispatcher?: unknown }) =>
      fetch(url, options),
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

const form = page('<form><input name="login"><button>Go</button></form>');

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
