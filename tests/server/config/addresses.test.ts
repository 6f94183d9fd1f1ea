import { describe, expect, it } from 'vitest';
import { mmdbFile } from '../enrich/mmdb-file.ts';
import { configurationOf, load, loadYaml, problemsOf, token } from './load.ts';

const sources = 'sources:\n  - { id: a, kind: file, path: a.log }\n';
const good = `parties: parties.csv\n${sources}`;
const mmdb = mmdbFile({ country_code: 'ID' });

describe('the data of countries and networks', () => {
  it('is what comes with Siaga unless something is said', () => {
    const shipped = { country: { kind: 'shipped' }, network: { kind: 'shipped' } };
    expect(configurationOf(loadYaml(good)).geo).toEqual(shipped);
    expect(configurationOf(load([])).geo).toEqual(shipped);
    expect(configurationOf(load(['--watch', '/var/log/nginx/access.log'])).geo).toEqual(shipped);
  });

  it("is the operator's own file, from the folder of the configuration, or none", () => {
    const files = { '/etc/siaga/own.mmdb': { text: mmdb } };
    expect(
      configurationOf(loadYaml(`geo: { country: own.mmdb, network: false }\n${good}`, { files })).geo,
    ).toEqual({ country: { kind: 'file', path: '/etc/siaga/own.mmdb' }, network: { kind: 'none' } });
  });

  it.each([
    ['a text', Buffer.from('a text'), /could not be opened: .*, expected an \.mmdb file$/],
    ['nothing', Buffer.alloc(0), /could not be opened: .*, expected an \.mmdb file$/],
    [
      'a file without its data',
      Buffer.concat([Buffer.alloc(2), mmdb.subarray(mmdb.indexOf('MaxMind.com') - 3)]),
      /expected an \.mmdb file$/,
    ],
  ])('is refused with its place when the file is %s', (_what, text, expected) => {
    const problems = problemsOf(
      loadYaml(`geo:\n  country: own.mmdb\n${good}`, { files: { '/etc/siaga/own.mmdb': { text } } }),
    );
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^siaga\.yaml:2: geo\.country: found "own\.mmdb": /);
    expect(problems[0]).toMatch(expected);
  });

  it.each([
    [
      'network: no.mmdb',
      'siaga.yaml:2: geo.network: found "no.mmdb": found no such file, expected one that exists',
    ],
    ['network: rules', 'siaga.yaml:2: geo.network: found "rules": found a folder, expected a file'],
    ['country: true', 'siaga.yaml:2: geo.country: found true, expected an .mmdb file or false'],
    ['city: x', 'siaga.yaml:2: geo.city: unknown key, did you mean country?'],
  ])('is refused when the file says %s', (line, problem) => {
    const [first, ...more] = problemsOf(loadYaml(`geo:\n  ${line}\n${good}`));
    expect(more).toEqual([]);
    expect(first?.replace(/unknown key, .*/, '')).toBe(problem.replace(/unknown key, .*/, ''));
  });
});

describe('trusted proxies', () => {
  const listed = (yaml: string) =>
    configurationOf(loadYaml(yaml, { env: { T: token } })).sources.map((source) => source.trustedProxies);

  it('are nobody unless something is said', () => {
    expect(listed(good)).toEqual([[]]);
  });

  it('are those of the source, else those of the file', () => {
    expect(
      listed(
        `parties: parties.csv\ntrustedProxies: [192.0.2.7, 2001:db8::/32]\nsources:\n` +
          `  - { id: a, kind: file, path: a.log }\n` +
          `  - { id: b, kind: file, path: b.log, trustedProxies: [10.0.0.0/8] }\n` +
          `  - { id: c, kind: http, tokenEnv: T, trustedProxies: [] }\n`,
      ),
    ).toEqual([['192.0.2.7', '2001:db8::/32'], ['10.0.0.0/8'], []]);
  });

  it('of the file are those of watched files too', () => {
    const yaml = `parties: parties.csv\ntrustedProxies: [192.0.2.7]\n${sources}`;
    const loaded = load(['--config', 'siaga.yaml', '--watch', '/var/log/nginx/access.log'], {
      files: { '/etc/siaga/siaga.yaml': yaml },
    });
    expect(configurationOf(loaded).sources.map(({ trustedProxies }) => trustedProxies)).toEqual([
      ['192.0.2.7'],
      ['192.0.2.7'],
    ]);
  });

  it.each([
    'proxy.example',
    '192.0.2.0/33',
    '192.0.2.1/24',
    '192.0.2',
    '2001:db8::1/64',
    'fe80::1%eth0',
    '',
    '/8',
    '192.0.2.0/8/8',
  ])('are addresses and networks, not %j', (entry) => {
    expect(problemsOf(loadYaml(`trustedProxies: [${JSON.stringify(entry)}]\n${good}`))).toEqual([
      `siaga.yaml:1: trustedProxies[0]: found ${JSON.stringify(entry)}, expected an address or a network in CIDR form, like 192.0.2.7 or 192.0.2.0/24`,
    ]);
  });
});
