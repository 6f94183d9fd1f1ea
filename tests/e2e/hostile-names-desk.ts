import { mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { hostileTexts, printableTexts, type Hostile } from '../fixtures/hostile-corpus.ts';
import { ownPassword } from './browser.ts';
import { claimAdmin } from './claim-admin.ts';
import { freePort, privateFolder, startSiaga, type SiagaProcess } from './siaga-process.ts';

/** A built server whose files hold hostile names wherever a person may write one. */
export interface NamesDesk {
  readonly siaga: SiagaProcess;
  readonly folder: string;
  /** Of the administrator. */
  readonly cookie: string;
  /** Asks as who has that cookie, else as the administrator; the body of the answer, and its refusal's code. */
  ask(method: string, path: string, asked?: Asked): Promise<Answer>;
  /** A new user with a password of their own; the cookie. */
  addUser(name: string, role: string): Promise<string>;
  /** One more session of a user, begun by that browser. */
  signInBy(name: string, userAgent: string): Promise<number>;
  /** Sends lines as the source; `path` says how it speaks. */
  send(lines: readonly string[], path?: string): Promise<string>;
  close(): Promise<void>;
}

interface Asked {
  readonly body?: object;
  readonly cookie?: string;
}
export interface Answer {
  readonly status: number;
  readonly json: unknown;
  /** Code of a refusal. */
  readonly code: string | undefined;
}

const token = 'token-of-hostile-names-0123456';

/** An agency may have any name of up to 100 characters; a lone surrogate is no text of a file. */
export const agencyTexts: readonly Hostile[] = hostileTexts.filter(
  ({ name, text }) => text.length <= 100 && name !== 'lone surrogate',
);
/** A rule may have any title, but for one of nothing. */
export const ruleTexts: readonly Hostile[] = hostileTexts.filter(
  ({ name, text }) => text.trim() !== '' && name !== 'lone surrogate',
);
export const registeredTexts: readonly Hostile[] = printableTexts.filter(({ text }) => text.length <= 80);
/** Names of files that a hostile person chose: only / and NUL can't be in one. */
export const fileTexts: readonly Hostile[] = hostileTexts.filter(
  ({ name, text }) => !/[/\0]/.test(text) && name !== 'lone surrogate' && Buffer.byteLength(text) < 200,
);
/** The button that leads to the provider of identities. */
export const labelText = '<img data-hostile src=x onerror=alert()>';

export const ruleOf = (index: number): string => `hostile-rule-${index}`;

async function writeRules(folder: string): Promise<void> {
  await mkdir(join(folder, 'rules'));
  for (const [index, { text }] of ruleTexts.entries()) {
    const rule = {
      title: text,
      id: ruleOf(index),
      description: text,
      logsource: { category: 'webserver' },
      detection: { selection: { 'url.path': `/${ruleOf(index)}` }, condition: 'selection' },
      falsepositives: [text],
      // Those stand first, on the wall too.
      level: text.includes('data-hostile') ? 'critical' : 'high',
      'siaga.response': { id: text, en: text },
    };
    // JSON is YAML.
    await writeFile(join(folder, 'rules', `${ruleOf(index)}.yml`), JSON.stringify(rule));
  }
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

async function writeRegisters(folder: string): Promise<void> {
  const parties = 'id,name,kind,number,expectedSince\nP01,Partai Satu,national,1,2026-01-01\n';
  await writeFile(join(folder, 'parties.csv'), parties);
  const rows = registeredTexts.map(({ text }) => `P01,${quoted(text)},${quoted(text)}`);
  await writeFile(join(folder, 'accounts.csv'), ['party,user,role', ...rows, ''].join('\n'));
}

async function writeConfig(folder: string, port: number): Promise<string> {
  const config = join(folder, 'siaga.yaml');
  const agencies = agencyTexts.map(({ text }, index) => ({ id: `AG${index}`, name: text }));
  await writeFile(
    config,
    [
      'parties: parties.csv',
      'accounts: accounts.csv',
      'rules: [rules]',
      `server: { origins: ['http://127.0.0.1:${port}'] }`,
      `agencies: ${JSON.stringify(agencies)}`,
      'oidc:',
      '  issuer: http://localhost:9',
      '  clientId: siaga',
      '  clientSecretEnv: OIDC_SECRET',
      `  label: ${JSON.stringify(labelText)}`,
      `  redirectOrigin: http://127.0.0.1:${port}`,
      '  claims: { role: groups }',
      '  roles: { siaga-analyst: analyst }',
      'sources:',
      '  - { id: web, kind: http, format: auto, tokenEnv: WEB_TOKEN, expectEvery: never }',
      '',
    ].join('\n'),
  );
  return config;
}

async function writeFiles(folder: string): Promise<void> {
  await mkdir(join(folder, 'logs'));
  for (const { name, text } of fileTexts)
    await writeFile(join(folder, 'logs', text), `a line of the file that is called ${name}\n`);
}

/** Header values are bytes: what is beyond ASCII goes as UTF-8. */
const asBytes = (text: string): string => Buffer.from(text).toString('latin1');

export async function openNamesDesk(): Promise<NamesDesk> {
  const { folder, remove } = await privateFolder();
  await writeRules(folder);
  await writeRegisters(folder);
  await writeFiles(folder);
  const port = await freePort();
  const siaga = await startSiaga({
    folder,
    args: ['--config', await writeConfig(folder, port)],
    env: { WEB_TOKEN: token, OIDC_SECRET: 'secret-of-hostile-names-0001' },
    port,
  });
  const { cookie } = await claimAdmin(siaga.url, siaga.oneTimePassword());

  const ask: NamesDesk['ask'] = async (method, path, { body, cookie: own = cookie } = {}) => {
    const answer = await fetch(siaga.url + path, {
      method,
      headers: { 'content-type': 'application/json', origin: siaga.url, cookie: own },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const json = (answer.headers.get('content-type') ?? '').startsWith('application/json')
      ? (JSON.parse(text) as unknown)
      : text;
    const code = answer.ok ? undefined : (json as { error: { code: string } }).error.code;
    return { status: answer.status, json, code };
  };
  return {
    siaga,
    folder,
    cookie,
    ask,
    addUser: (name, role) => addUser(siaga.url, { name, role, ask }),
    signInBy: (name, userAgent) => signInBy(port, name, userAgent),
    send: async (lines, path = '') => {
      const answer = await fetch(`${siaga.url}/ingest/v1/web${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
        body: `${lines.join('\n')}\n`,
      });
      return answer.text();
    },
    close: async () => {
      await siaga.stop();
      await remove();
    },
  };
}

async function addUser(
  url: string,
  { name, role, ask }: { readonly name: string; readonly role: string; readonly ask: NamesDesk['ask'] },
): Promise<string> {
  const made = await ask('POST', '/api/users', { body: { name, role } });
  const { oneTimePassword } = made.json as { oneTimePassword: string };
  let own = '';
  const bodies = [
    ['/api/session', { name, password: oneTimePassword }],
    ['/api/session/password', { current: oneTimePassword, next: ownPassword }],
  ] as const;
  for (const [path, body] of bodies) {
    const headers = { 'content-type': 'application/json', origin: url, cookie: own };
    const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    own = answer.headers.getSetCookie()[0]?.split(';')[0] ?? own;
  }
  return own;
}

/** By `node:http`, since `fetch` sends a browser's own name. */
function signInBy(port: number, name: string, userAgent: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        path: '/api/session',
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          origin: `http://127.0.0.1:${port}`,
          'user-agent': asBytes(userAgent),
        },
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      },
    );
    asked.on('error', reject);
    // As bytes: joined to a text the header would be sent as UTF-8 once more.
    asked.end(Buffer.from(JSON.stringify({ name, password: ownPassword })));
  });
}
