import { expect, test } from 'vitest';
import { configurationHash } from '../../../server/audit/configuration-hash.ts';
import { configurationOf, loadYaml, problemsOf, token } from './load.ts';

const rest = `parties: parties.csv\nsources:\n  - { id: web, kind: file, path: /var/log/nginx/access.log }\n`;
const headsOf = (yaml: string) =>
  configurationOf(
    loadYaml(`${yaml}${rest}`, { env: { HEADS: token }, files: { '/etc/siaga/heads.token': `${token}\n` } }),
  ).auditHeads;

test('heads go nowhere unless the configuration says where', () => {
  expect(headsOf('')).toBeNull();
  expect(headsOf('audit: {}\n')).toBeNull();
});

test.each([
  ['{ file: heads.jsonl }', { kind: 'file', path: '/etc/siaga/heads.jsonl' }],
  [
    "{ webhook: 'https://siem.example/heads' }",
    { kind: 'webhook', url: 'https://siem.example/heads', token: null, allowPrivate: false },
  ],
  [
    "{ webhook: 'http://127.0.0.1:9000/', tokenEnv: HEADS, allowPrivate: true }",
    { kind: 'webhook', url: 'http://127.0.0.1:9000/', token, allowPrivate: true },
  ],
])('heads: %s', (heads, expected) => {
  expect(headsOf(`audit: { heads: ${heads} }\n`)).toEqual(expected);
});

const webhookExpected =
  'expected an https:// address, or http:// of this machine, without user, password or fragment';

test.each([
  ['{}', 'audit.heads.file: found no target, expected either file or webhook'],
  [
    "{ file: a, webhook: 'https://a.example' }",
    'audit.heads.file: found two targets, expected either file or webhook',
  ],
  [
    '{ file: a, tokenEnv: HEADS }',
    'audit.heads.file: found a token for a file, expected one for a webhook only',
  ],
  [
    "{ webhook: 'http://siem.example/' }",
    `audit.heads.webhook: found "http://siem.example/", ${webhookExpected}`,
  ],
  [
    "{ webhook: 'http://169.254.169.254/' }",
    `audit.heads.webhook: found "http://169.254.169.254/", ${webhookExpected}`,
  ],
  [
    '{ hook: a }',
    'audit.heads.hook: unknown key, expected one of file, webhook, allowPrivate, tokenEnv, tokenFile',
  ],
])('heads: %s is refused', (heads, problem) => {
  expect(problemsOf(loadYaml(`audit: { heads: ${heads} }\n${rest}`))).toEqual([`siaga.yaml:1: ${problem}`]);
});

test('the hash of a configuration is that of its settings, without its secrets', () => {
  const load = (yaml: string, secret = token) =>
    configurationHash(configurationOf(loadYaml(`${yaml}${rest}`, { env: { HEADS: secret } })));
  const hook = "audit: { heads: { webhook: 'https://siem.example/', tokenEnv: HEADS } }\n";
  expect(load(hook)).toBe(load(hook, 'another-token-of-some-length'));
  expect(load(hook)).toBe(load(`# a comment\n${hook}`));
  expect(load(hook)).not.toBe(load(''));
  expect(load('')).toMatch(/^[0-9a-f]{64}$/);
});
