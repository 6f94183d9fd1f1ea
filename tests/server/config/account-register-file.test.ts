import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { maxRegisteredAccounts, parseAccountRegister } from '../../../server/config/account-register-file.ts';
import { parseRegister } from '../../../server/config/register-file.ts';
import type { Party } from '../../../shared/party.ts';
import { configurationOf, loadYaml, problemsOf } from './load.ts';

const party = (id: string, accounts?: number): Party => ({
  id,
  name: id,
  kind: 'national',
  number: Number(id.slice(1)),
  expectedSince: '2026-08-01',
  ...(accounts === undefined ? {} : { accounts }),
});
const parties = [party('P1'), party('P2', 2)];
const parse = (text: string, file = 'accounts.csv') => parseAccountRegister(text, file, parties);
const problems = (text: string, file?: string) => {
  const result = parse(text, file);
  return result.ok ? [] : result.message.split('\n');
};

describe('a register of accounts', () => {
  it.each([
    ['CSV', 'accounts.csv', 'party,user,role,shared\nP1,operator01,unggah,\nP1,admin01,,ya\n'],
    [
      'CSV with columns in another order',
      'a.csv',
      'Shared;User;Role;Party\n;operator01;unggah;P1\nTRUE;admin01;;P1',
    ],
    [
      'YAML',
      'accounts.yaml',
      '- { party: P1, user: operator01, role: unggah }\n- { party: P1, user: admin01, shared: true }\n',
    ],
  ])('is read from %s', (_, file, text) => {
    expect(parse(text, file)).toEqual({
      ok: true,
      value: [
        { party: 'P1', user: 'operator01', role: 'unggah', shared: false },
        { party: 'P1', user: 'admin01', role: null, shared: true },
      ],
    });
  });

  it('needs neither role nor shared', () => {
    expect(parse('party,user\nP1,operator01')).toMatchObject({ ok: true, value: [{ role: null }] });
  });

  it.each([
    ['nothing', '', ['accounts.csv: found no account, expected at least one']],
    [
      'a missing column',
      'party\nP1',
      ['accounts.csv:1: user: found nothing, expected a column of this name in the header'],
    ],
    ['an unknown column', 'party,user,rol\n', ['accounts.csv:1: rol: unknown column, did you mean role?']],
    [
      'a party that there is not',
      'party,user\nP9,a',
      ['accounts.csv:2: party: found "P9", expected the id of a party of the register'],
    ],
    [
      'no user, and a truth that is none',
      'party,user,shared\nP1,,kadang',
      [
        'accounts.csv:2: user: found nothing, expected a user name of 1 to 200 characters',
        'accounts.csv:2: shared: found "kadang", expected true or false',
      ],
    ],
    [
      'hidden signs in a name',
      'party,user\nP1,a\u202Eb',
      ['accounts.csv:2: user: found "a\\u{202e}b", expected a user name of 1 to 200 characters'],
    ],
    [
      'an account twice',
      'party,user\nP1,a\nP1,b\nP1,a',
      ['accounts.csv:4: user: found "a", which line 2 has too, expected it once'],
    ],
    [
      'another number than the party declares',
      'party,user\nP2,a\nP2,b\nP2,c',
      ['accounts.csv: found 3 accounts of P2, expected 2, as the register of parties declares'],
    ],
    [
      'too many',
      ['party,user', ...Array.from({ length: maxRegisteredAccounts + 1 }, (_, n) => `P1,u${n}`)].join('\n'),
      ['accounts.csv: found 10001 accounts, expected at most 10000'],
    ],
  ])('is refused with %s', (_, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  it('lets two parties have an account of the same name', () => {
    expect(problems('party,user\nP1,operator\nP2,operator\nP2,admin')).toEqual([]);
  });

  it('shows the example in the repository', () => {
    const read = (name: string) =>
      readFileSync(new URL(`../../../docs/examples/${name}`, import.meta.url), 'utf8');
    const register = parseRegister(read('parties.csv'), 'parties.csv');
    const known = register.ok ? register.value : [];
    expect(parseAccountRegister(read('accounts.csv'), 'accounts.csv', known)).toMatchObject({ ok: true });
  });
});

describe('the configuration', () => {
  const yaml =
    'parties: parties.csv\naccounts: accounts.csv\nsources: [{ id: a, kind: file, path: /var/log/nginx/access.log }]\n';

  it('names it beside the register of parties', () => {
    const files = { '/etc/siaga/accounts.csv': 'party,user\nP01,operator01\n' };
    expect(configurationOf(loadYaml(yaml, { files })).registeredAccounts).toEqual([
      { party: 'P01', user: 'operator01', role: null, shared: false },
    ]);
    expect(
      configurationOf(loadYaml(yaml.replace('accounts: accounts.csv\n', ''))).registeredAccounts,
    ).toEqual([]);
  });

  it.each([
    ['is not there', {}, 'siaga.yaml:2: accounts: found "accounts.csv"'],
    ['is faulty', { '/etc/siaga/accounts.csv': 'party,user\nP07,a\n' }, 'accounts.csv:2: party: found "P07"'],
  ])('is refused when it %s', (_, files, start) => {
    const found = problemsOf(loadYaml(yaml, { files }));
    expect(found).toHaveLength(1);
    expect(found[0]?.startsWith(start)).toBe(true);
  });
});
