import { lookup as systemLookup } from 'node:dns/promises';
import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { bare, isOwnHost, mayCall } from './webhook-address.ts';

export interface Webhook {
  readonly url: string;
  /** Sent as a bearer token. */
  readonly token: string | null;
  /** Whether it may be in a private network. */
  readonly allowPrivate: boolean;
}

/** All addresses of a name. */
export type Lookup = (host: string) => Promise<readonly { readonly address: string }[]>;

export const webhookTimeoutMs = 10_000;

const lookupAll: Lookup = (host) => systemLookup(host, { all: true, verbatim: true });

/**
 * Posts a JSON text; resolves when it was taken (2xx), rejects with a reason that holds neither token nor answer. The name is
 * resolved once, each of its addresses is judged, and the first is the one that is connected to. No redirect is followed, no proxy
 * is used, and the answer isn't read.
 */
export async function sendWebhook(
  { url: text, token, allowPrivate }: Webhook,
  body: string,
  { lookup = lookupAll, timeoutMs = webhookTimeoutMs }: { lookup?: Lookup; timeoutMs?: number } = {},
): Promise<void> {
  const url = new URL(text);
  const host = bare(url.hostname);
  const signal = AbortSignal.timeout(timeoutMs);
  const found = isIP(host) === 0 ? await within(signal, lookup(host)) : [{ address: host }];
  for (const { address } of found) {
    const judged = mayCall(address, { isOwn: isOwnHost(url.hostname), allowPrivate });
    if (!judged.ok) throw new Error(judged.message);
  }
  const [first] = found;
  if (!first) throw new Error(`${host} has no address`);
  await post(url, body, {
    method: 'POST',
    signal,
    agent: false,
    lookup: (_host, options, answer) => {
      const family = isIP(first.address);
      if (options.all === true) answer(null, [{ address: first.address, family }]);
      else answer(null, first.address, family);
    },
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'siaga',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
  });
}

function within<T>(signal: AbortSignal, task: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('no answer in time')), { once: true });
    task.then(resolve, reject);
  });
}

function post(url: URL, body: string, options: RequestOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options);
    request.once('response', (response) => {
      const { statusCode = 0 } = response;
      response.destroy();
      if (statusCode >= 200 && statusCode < 300) return resolve();
      const redirect = statusCode >= 300 && statusCode < 400 ? ', a redirect, which is not followed' : '';
      return reject(new Error(`answered ${statusCode}${redirect}`));
    });
    request.on('error', (error) =>
      reject(options.signal?.aborted ? new Error('no answer in time', { cause: error }) : error),
    );
    request.end(body);
  });
}
