import { generateSync } from 'otplib';
import { ownPassword } from './browser.ts';

/** A user with a password of their own, and a second factor where one is due. */
export interface Claimed {
  /** Of the session; outlives a restart. */
  readonly cookie: string;
  /** Each signs in once; empty without a second factor. */
  readonly recoveryCodes: readonly string[];
}

/** Signs the first administrator in, as `claimUser` does. */
export const claimAdmin = (url: string, oneTimePassword: string): Promise<Claimed> =>
  claimUser(url, 'admin', oneTimePassword);

/** Signs in with the one-time password by the API, sets an own one, and enrols a second factor when that is due. */
export async function claimUser(url: string, name: string, oneTimePassword: string): Promise<Claimed> {
  let cookie = '';
  const post = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const headers = { 'content-type': 'application/json', origin: url, cookie };
    const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`);
    cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    return (await answer.json()) as Record<string, unknown>;
  };
  await post('/api/session', { name, password: oneTimePassword });
  const { due } = await post('/api/session/password', { current: oneTimePassword, next: ownPassword });
  if (due !== 'second-factor') return { cookie, recoveryCodes: [] };
  const { secret } = await post('/api/session/second-factor', { current: ownPassword });
  const code = generateSync({ secret: String(secret) });
  const { recoveryCodes } = await post('/api/session/second-factor/confirm', { code });
  return { cookie, recoveryCodes: recoveryCodes as string[] };
}
