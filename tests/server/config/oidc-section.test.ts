import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../../server/project-root.ts';
import { configurationOf, load, loadYaml, problemsOf } from './load.ts';

const textOf = (path: string) => readFileSync(join(projectRoot, path), 'utf8');
const secret = 'a-secret-of-the-client';
const env = { SIAGA_OIDC_SECRET: secret };

const keys = {
  issuer: 'https://sso.kpu.example/realms/kpu',
  clientId: 'siaga',
  clientSecretEnv: 'SIAGA_OIDC_SECRET',
  label: 'Masuk dengan SSO KPU',
  redirectOrigin: 'https://siaga.example',
  claims: '{ role: groups }',
  roles: '{ siaga-admin: admin }',
};
type Keys = Partial<
  Record<
    | keyof typeof keys
    | 'agencies'
    | 'scopes'
    | 'signOut'
    | 'requireMfa'
    | 'mfa'
    | 'clientSecretFile'
    | 'clientSecret',
    string | null
  >
>;

const yaml = (changes: Keys = {}) =>
  [
    'parties: parties.csv',
    "server: { origins: ['https://siaga.example', 'http://siaga.example', 'http://127.0.0.1:8080'] }",
    'sources: [{ id: a, kind: file, path: a.log }]',
    'oidc:',
    ...Object.entries<string | null>({ ...keys, ...changes })
      .filter(([, value]) => value !== null)
      .map(([key, value]) => `  ${key}: ${value}`),
    '',
  ].join('\n');

const read = (changes: Keys = {}, files = {}) => loadYaml(yaml(changes), { env, files });

describe('the section oidc', () => {
  it('is not there unless it is said', () => {
    expect(configurationOf(load([])).oidc).toBeNull();
  });

  it('comes with defaults: name, scopes, a second factor of everybody, agencies by their ids', () => {
    const { oidc } = configurationOf(read());
    expect(oidc).toMatchObject({
      clientSecret: secret,
      scopes: ['openid', 'profile'],
      claims: { name: 'preferred_username', role: 'groups', agency: null },
      signOut: 'provider',
      requireMfa: true,
      mfa: { amr: ['mfa'], acr: [] },
    });
    expect(oidc?.roles).toEqual(new Map([['siaga-admin', 'admin']]));
    expect(oidc?.agencies.get('BSSN')).toBe('BSSN');
  });

  it.each(['here', 'provider', 'provider-and-back'])('takes signOut %s', (signOut) => {
    expect(configurationOf(read({ signOut })).oidc?.signOut).toBe(signOut);
  });

  it('takes a loopback for a trial', () => {
    const { oidc } = configurationOf(
      read({ issuer: 'http://localhost:9000', redirectOrigin: 'http://127.0.0.1:8080' }),
    );
    expect(oidc).toMatchObject({ issuer: 'http://localhost:9000', redirectOrigin: 'http://127.0.0.1:8080' });
  });

  it('takes the secret from a file, without its line end', () => {
    const { oidc } = configurationOf(
      read(
        { clientSecretEnv: null, clientSecretFile: 'oidc.secret' },
        { '/etc/siaga/oidc.secret': { text: `${secret}\n`, mode: 0o600 } },
      ),
    );
    expect(oidc?.clientSecret).toBe(secret);
  });

  it('always asks for the scope openid, once', () => {
    expect(configurationOf(read({ scopes: '[roles, openid]' })).oidc?.scopes).toEqual(['openid', 'roles']);
  });

  it.each<[string, Keys, string]>([
    [
      'an issuer without TLS',
      { issuer: 'http://sso.example' },
      'issuer: found "http://sso.example", expected an issuer like https://sso.example/realms/kpu; http on the loopback only',
    ],
    [
      'a way of signing out that there is not',
      { signOut: 'never' },
      'signOut: found "never", expected here, provider or provider-and-back',
    ],
    [
      'an issuer with a password in it',
      { issuer: 'https://a:b@sso.example' },
      'issuer: found "https://a:b@sso.example", expected an issuer like https://sso.example/realms/kpu; http on the loopback only',
    ],
    [
      'no client',
      { clientId: null },
      'clientId: found nothing, expected 1 to 200 letters, digits or signs, without spaces',
    ],
    [
      'a label that turns the line around',
      { label: '"a\\u202eb"' },
      'label: found "a\\u{202e}b", expected 1 to 40 characters',
    ],
    [
      'a way back that is no own origin',
      { redirectOrigin: 'https://evil.example' },
      'redirectOrigin: found "https://evil.example", expected one of server.origins',
    ],
    [
      'a way back without TLS',
      { redirectOrigin: 'http://siaga.example' },
      'redirectOrigin: found "http://siaga.example", expected https; http on the loopback only',
    ],
    [
      'no claim for the role',
      { claims: '{}' },
      'claims.role: found nothing, expected the name of a claim, like groups or realm_access.roles',
    ],
    [
      'no roles',
      { roles: '{}' },
      'roles: found a mapping, expected a mapping of claim values to roles, at least one',
    ],
    [
      'a role that there is not',
      { roles: '{ a: root }' },
      'roles.a: found "root", expected one of viewer, analyst, lead, admin',
    ],
    [
      'an agency that there is not',
      { agencies: '{ cia: CIA }' },
      'agencies.cia: found "CIA", expected one of KPU, BSSN, BIN, BRIN, KOMINFO, POLRI',
    ],
    [
      'a second factor that nothing proves',
      { mfa: '{ amr: [], acr: [] }' },
      'mfa: found no value, expected at least one of amr or acr',
    ],
    [
      'a value that YAML takes for a number',
      { mfa: '{ acr: [2] }' },
      'mfa.acr[0]: found number 2, expected 1 to 200 characters, in quotes when it is a number',
    ],
    [
      'no secret',
      { clientSecretEnv: null },
      'clientSecretEnv: found no secrets, expected either clientSecretEnv or clientSecretFile',
    ],
    [
      'two secrets',
      { clientSecretFile: 'oidc.secret' },
      'clientSecretEnv: found two secrets, expected either clientSecretEnv or clientSecretFile',
    ],
    [
      'a variable that is not set',
      { clientSecretEnv: 'OTHER' },
      'clientSecretEnv: found no environment variable OTHER, expected a secret of 12 to 1024 letters, digits or signs, without spaces',
    ],
    [
      'the secret itself',
      { clientSecret: secret },
      'clientSecret: unknown key, did you mean clientSecretEnv?',
    ],
  ])('refuses %s', (_title, changes, what) => {
    const problems = problemsOf(read(changes));
    expect(problems.map((line) => line.replace(/^siaga\.yaml:\d+: oidc\./, ''))).toEqual([what]);
  });

  it('is as the example and the documentation show it', () => {
    const secretFile = { '/etc/siaga/oidc.secret': { text: secret, mode: 0o600 } };
    const head = yaml().split('oidc:')[0] ?? '';
    const example = /^# oidc:\n(?:# {3}.*\n)+/m
      .exec(textOf('siaga.example.yaml'))?.[0]
      .replaceAll(/^# /gm, '');
    const manual = /^oidc:\n(?: {2}.*\n)+/m.exec(textOf('docs/operating.md'))?.[0];
    for (const section of [example, manual]) {
      const { oidc } = configurationOf(loadYaml(`${head}${section}`, { files: secretFile }));
      expect(oidc).toMatchObject({ clientId: 'siaga', claims: { role: 'siaga_roles', agency: 'agency' } });
    }
  });

  it('refuses a secret that others can read, and never shows one', () => {
    const files = { '/etc/siaga/oidc.secret': { text: secret, mode: 0o644 } };
    const problems = problemsOf(read({ clientSecretEnv: null, clientSecretFile: 'oidc.secret' }, files));
    expect(problems).toEqual([
      'siaga.yaml:11: oidc.clientSecretFile: found permissions 0644, expected 0600 or narrower (chmod 600)',
    ]);
    for (const changes of [{ clientSecretFile: 'x' }, { clientSecret: secret }])
      expect(problemsOf(read(changes)).join()).not.toContain(secret);
  });
});
