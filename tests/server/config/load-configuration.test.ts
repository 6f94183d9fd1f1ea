import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { defaultLogins } from '../../../server/config/defaults.ts';
import { configurationOf, load, loadYaml, problemsOf, runOf, token } from './load.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const minimal = `parties: parties.csv
sources:
  - id: nginx
    kind: file
    path: /var/log/nginx/access.log
`;

describe('sessions', () => {
  it.each([
    ['', 12, 168],
    ['sessions: { idle: 1h, absolute: 24h }\n', 1, 24],
    ['sessions: { idle: 30m }\n', 0.5, 168],
  ])('end as %j says: idle after %d hours, in any case after %d', (yaml, idle, absolute) => {
    expect(configurationOf(loadYaml(yaml + minimal)).sessions).toEqual({
      idleMs: idle * 3_600_000,
      absoluteMs: absolute * 3_600_000,
    });
  });
});

describe('without any configuration', () => {
  it('is a simulation of 38 national and 7 Aceh local placeholder parties', () => {
    const { mode, parties, dataDir, server } = configurationOf(load([]));
    expect(mode).toBe('simulation');
    expect(dataDir).toBe('/etc/siaga/data');
    expect(server).toEqual({
      host: '127.0.0.1',
      port: 8080,
      origins: [],
      secureCookies: false,
      tls: null,
      trustedProxies: [],
    });
    expect(parties.filter(({ kind }) => kind === 'national')).toHaveLength(38);
    expect(parties.filter(({ kind }) => kind === 'aceh')).toHaveLength(7);
    expect(parties[0]).toMatchObject({ id: 'P01', name: 'Partai Nasional 01' });
    expect(parties.at(-1)).toMatchObject({ id: 'A7', name: 'Partai Lokal Aceh 07' });
  });

  it('hears an access log and the application, whose token only the caller gets', () => {
    const { configuration, simulationToken } = runOf(load(['--data', '/srv/demo']));
    expect(configuration.sources).toEqual([
      {
        id: 'nginx',
        kind: 'file',
        paths: ['/srv/demo/demo/access.log'],
        start: 'beginning',
        format: 'combined',
        logins: null,
        trustedProxies: [],
        expectEveryMs: 30_000,
      },
      {
        id: 'sipol',
        kind: 'http',
        tokenSha256: sha256('simulation-token-0000000001'),
        format: 'ecs-json',
        logins: null,
        trustedProxies: [],
        expectEveryMs: 30_000,
      },
    ]);
    expect(simulationToken).toBe('simulation-token-0000000001');
    expect(JSON.stringify(configuration)).not.toContain(simulationToken);
  });

  it('never mixes a real register with imagined traffic', () => {
    expect(problemsOf(load(['--parties', 'parties.csv']))).toEqual([
      'command line: --parties: found "parties.csv" without a source, expected --config or --watch beside it',
    ]);
  });
});

describe('with --watch', () => {
  it('follows the file from its end, in production mode, recognising logins', () => {
    const run = runOf(load(['--watch', '/var/log/nginx/access.log']));
    expect(run.simulationToken).toBeNull();
    expect(run.configuration.mode).toBe('production');
    expect(run.configuration.sources).toEqual([
      {
        id: 'access',
        kind: 'file',
        paths: ['/var/log/nginx/access.log'],
        start: 'end',
        format: 'auto',
        logins: defaultLogins,
        trustedProxies: [],
        expectEveryMs: 300_000,
      },
    ]);
  });

  it('allows to have no register, and says what that means', () => {
    const run = runOf(load(['--watch', '/var/log/nginx/access.log']));
    expect(run.configuration.parties).toEqual([]);
    expect(run.warnings).toEqual([
      'No register of parties: every party is shown as unknown, and none can be missed. Give --parties FILE.',
    ]);
    const withRegister = runOf(load(['--watch', '/var/log/nginx/access.log', '--parties', 'parties.csv']));
    expect(withRegister.configuration.parties).toHaveLength(1);
    expect(withRegister.warnings).toEqual([]);
  });

  it('waits for a file that is not there yet, but not for its folder', () => {
    expect(load(['--watch', '/var/log/nginx/later.log']).ok).toBe(true);
    expect(problemsOf(load(['--watch', '/nowhere/access.log']))).toEqual([
      'command line: --watch: found "/nowhere/access.log", expected a path in a folder that exists',
    ]);
    expect(problemsOf(load(['--watch', '/var/log/nginx']))).toEqual([
      'command line: --watch: found "/var/log/nginx", expected a file, not a folder',
    ]);
  });

  it('makes ids of file names, each its own', () => {
    const watch = [
      '/var/log/nginx/access.log',
      '/var/log/access.log',
      '/var/log/Sipol Web.LOG',
      '/var/log/.log',
    ];
    const { sources } = configurationOf(load(watch.flatMap((path) => ['--watch', path])));
    expect(sources.map(({ id }) => id)).toEqual(['access', 'access-2', 'sipol-web', 'file']);
  });

  it('adds to the sources of the file, and refuses a file that is followed twice', () => {
    const files = { '/etc/siaga/siaga.yaml': minimal };
    const more = load(['--config', 'siaga.yaml', '--watch', '/var/log/nginx/nginx.log'], { files });
    expect(configurationOf(more).sources.map(({ id }) => id)).toEqual(['nginx', 'nginx-2']);
    const twice = load(['--config', 'siaga.yaml', '--watch', '/var/log/nginx/access.log'], { files });
    expect(problemsOf(twice)).toEqual([
      'command line: --watch: found "/var/log/nginx/access.log" a second time, expected each file once',
    ]);
  });
});

describe('precedence', () => {
  const yaml = `server: { host: file.example, port: 1001 }\ndata: /srv/file\nlogLevel: warn\n${minimal}`;
  const files = { '/etc/siaga/siaga.yaml': yaml };
  const config = ['--config', 'siaga.yaml'];
  const env = {
    SIAGA_HOST: '192.0.2.1',
    SIAGA_PORT: '1002',
    SIAGA_DATA: '/srv/env',
    SIAGA_LOG_LEVEL: 'debug',
  };
  const options = ['--host', '::1', '--port', '0', '--data', '/srv/option', '--log-level', 'error'];
  it.each([
    ['a default', [], {}, ['127.0.0.1', 8080, '/etc/siaga/data', 'info']],
    ['the file over the default', config, {}, ['file.example', 1001, '/srv/file', 'warn']],
    ['the environment over the file', config, env, ['192.0.2.1', 1002, '/srv/env', 'debug']],
    ['an option over the environment', [...config, ...options], env, ['::1', 0, '/srv/option', 'error']],
    [
      'an empty variable counts as absent',
      config,
      { SIAGA_PORT: '', SIAGA_LOG_LEVEL: '' },
      ['file.example', 1001, '/srv/file', 'warn'],
    ],
  ])('%s', (_, argv, given: Record<string, string>, [host, port, dataDir, logLevel]) => {
    const configuration = configurationOf(load(argv, { env: given, files }));
    expect(configuration.server).toMatchObject({ host, port });
    expect(configuration.dataDir).toBe(dataDir);
    expect(configuration.logLevel).toBe(logLevel);
  });
});

describe('a configuration file', () => {
  it('fills in the defaults, and takes paths from its own folder', () => {
    const result = loadYaml(
      'parties: parties.csv\nrules: [rules]\nsources: [{id: a, kind: file, path: a.log}]\n',
    );
    expect(configurationOf(result)).toMatchObject({
      mode: 'production',
      ruleDirs: ['/etc/siaga/rules'],
      signalAlertScore: 70,
      sources: [
        {
          id: 'a',
          paths: ['/etc/siaga/a.log'],
          start: 'end',
          format: 'auto',
          logins: defaultLogins,
          expectEveryMs: 300_000,
        },
      ],
    });
  });

  it.each([
    ['none', [], undefined, false],
    ['an https origin', ['https://siaga.example'], undefined, true],
    ['an http origin', ['http://siaga.example:8080'], undefined, false],
    ['its own word', ['https://siaga.example'], false, false],
  ])('secures cookies by origin: %s', (_, origins, secureCookies, expected) => {
    const server = JSON.stringify({ origins, secureCookies });
    expect(configurationOf(loadYaml(`server: ${server}\n${minimal}`)).server.secureCookies).toBe(expected);
  });

  it('has metrics only with a token for them, of which it keeps the hash', () => {
    expect(configurationOf(load([])).metricsTokenSha256).toBeNull();
    expect(configurationOf(loadYaml(minimal)).metricsTokenSha256).toBeNull();
    const files = { '/etc/siaga/m.token': `${token}\n` };
    const fromFile = loadYaml(`metrics: { tokenFile: m.token }\n${minimal}`, { files });
    expect(configurationOf(fromFile).metricsTokenSha256).toBe(sha256(token));
    const fromEnv = loadYaml(`metrics: { tokenEnv: M }\n${minimal}`, { env: { M: token } });
    expect(configurationOf(fromEnv).metricsTokenSha256).toBe(sha256(token));
  });

  it('keeps only the hash of a token, from the environment or a file of its owner', () => {
    const yaml = `parties: parties.csv
sources:
  - { id: a, kind: http, tokenEnv: TOKEN_A, expectEvery: never }
  - { id: b, kind: http, tokenFile: b.token, logins: true, format: ecs-json }
`;
    const files = { '/etc/siaga/b.token': { text: `${token}-b\n`, mode: 0o400 } };
    expect(configurationOf(loadYaml(yaml, { env: { TOKEN_A: token }, files })).sources).toEqual([
      {
        id: 'a',
        kind: 'http',
        format: 'auto',
        logins: null,
        trustedProxies: [],
        expectEveryMs: null,
        tokenSha256: sha256(token),
      },
      {
        id: 'b',
        kind: 'http',
        format: 'ecs-json',
        logins: defaultLogins,
        trustedProxies: [],
        expectEveryMs: 300_000,
        tokenSha256: sha256(`${token}-b`),
      },
    ]);
  });

  it('warns of logins that may count twice, unless it was decided', () => {
    const http = '  - { id: app, kind: http, format: ecs-json, tokenEnv: T }\n';
    const env = { T: token };
    const warning =
      'Logins are recognised in source nginx, by default. If source app reports the same logins, each counts twice: say logins: false (or true) for nginx.';
    expect(runOf(loadYaml(minimal + http, { env })).warnings).toEqual([warning]);
    expect(runOf(loadYaml(`${minimal}    logins: false\n${http}`, { env })).warnings).toEqual([]);
  });

  it('warns of cookies without TLS on an address that others reach', () => {
    expect(runOf(loadYaml(`server: { host: 0.0.0.0 }\n${minimal}`)).warnings).toHaveLength(1);
  });

  it('is described by the example in the repository, which is valid', () => {
    const yaml = readFileSync(new URL('../../../siaga.example.yaml', import.meta.url), 'utf8');
    const parties = readFileSync(new URL('../../../docs/examples/parties.csv', import.meta.url), 'utf8');
    const files = {
      '/etc/siaga/docs/examples/parties.csv': parties,
      '/etc/siaga/sipol.token': { text: token, mode: 0o600 },
    };
    const { sources } = configurationOf(loadYaml(yaml, { files }));
    expect(sources.map(({ id }) => id)).toEqual(['nginx', 'sipol']);
  });
});

it('answers --help and --version without a look at anything else', () => {
  expect(load(['--help', '--config', 'nowhere.yaml'])).toMatchObject({ ok: true, value: { kind: 'help' } });
  expect(load(['--version'])).toEqual({ ok: true, value: { kind: 'version' } });
});
