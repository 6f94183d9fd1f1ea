import type { Browser, BrowserContext, Request, Response as PageResponse } from 'playwright-core';
import { keepLater, keepSecret } from './canaries.ts';

/** Names under which bodies of the API hold a secret; all else is no secret. */
const askedNames = new Set(['password', 'current', 'next', 'code', 'token']);
const answeredNames = new Set(['oneTimePassword', 'secret', 'recoveryCodes', 'address']);
/** Resources whose answers hold secrets. */
const secretPaths = /^\/api\/(?:session|users|tokens|walls|wall-session)(?:\/|$)/;

function keepValues(names: ReadonlySet<string>, name: string, value: unknown): void {
  if (typeof value === 'string') {
    // Of the address of a wall only what stands behind it is one.
    const secret = name === 'address' ? (value.split('#token=')[1] ?? '') : value;
    if (names.has(name)) keepSecret(name, secret);
  } else if (Array.isArray(value)) for (const item of value) keepValues(names, name, item);
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) keepValues(names, key, inner);
}

function keepBody(names: ReadonlySet<string>, text: string): void {
  try {
    keepValues(names, '', JSON.parse(text));
  } catch {
    // No JSON, and so no body with a secret.
  }
}
const keepAsked = (text: string): void => keepBody(askedNames, text);
const keepAnswered = (text: string): void => keepBody(answeredNames, text);

function keepHeaders(headers: Headers): void {
  const credentials = /^(?:Bearer|ApiKey|Basic) +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  if (credentials !== undefined) keepSecret('credentials of a request', credentials);
  for (const pair of (headers.get('cookie') ?? '').split(/; */)) keepCookie(pair);
}

function keepCookie(pair: string): void {
  const [name = '', value = ''] = pair.split(';')[0]?.split('=') ?? [];
  keepSecret(`cookie ${name}`, value);
}

/** What the provider of identities sends the browser back with opens a session. */
function keepQuery({ pathname, searchParams }: URL): void {
  if (pathname !== '/api/oidc/callback') return;
  for (const name of ['code', 'state']) keepSecret(`OpenID Connect ${name}`, searchParams.get(name) ?? '');
}

async function watchedFetch(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
  const url = new URL(input instanceof Request ? input.url : input);
  const { pathname } = url;
  keepQuery(url);
  keepHeaders(new Headers(init?.headers));
  if (typeof init?.body === 'string' && pathname.startsWith('/api/')) keepAsked(init.body);
  const response = await plainFetch(input, init);
  for (const cookie of response.headers.getSetCookie()) keepCookie(cookie);
  if (secretPaths.test(pathname)) keepLater(response.clone().text().then(keepAnswered));
  return response;
}
const plainFetch = globalThis.fetch;

/** Knows from here on every secret that passes through `fetch`. */
export function watchFetch(): void {
  globalThis.fetch = watchedFetch;
}

function watchRequest(request: Request): void {
  keepQuery(new URL(request.url()));
  keepLater(request.allHeaders().then((headers) => keepHeaders(new Headers(dropPseudo(headers)))));
  const body = request.postData();
  if (body !== null) keepAsked(body);
}

const dropPseudo = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(':')));

function watchResponse(response: PageResponse): void {
  const keepCookies = response.headersArray().then((headers) => {
    const set = headers.filter(({ name }) => name.toLowerCase() === 'set-cookie');
    // Chromium gives several as lines of one.
    for (const { value } of set) for (const line of value.split('\n')) keepCookie(line);
  });
  keepLater(keepCookies);
  if (secretPaths.test(new URL(response.url()).pathname)) keepLater(response.text().then(keepAnswered));
}

/** Knows from here on every secret that passes through a browser. */
export function watchBrowser(browser: Browser): void {
  browser.on('context', (context: BrowserContext) => {
    context.on('request', watchRequest);
    context.on('response', watchResponse);
  });
}
