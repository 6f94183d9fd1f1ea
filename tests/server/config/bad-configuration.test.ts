import { describe, expect, it } from 'vitest';
import { maxConfigBytes } from '../../../server/config/limits.ts';
import { load, loadYaml, problemsOf, token } from './load.ts';

const head = 'parties: parties.csv\nsources:\n';
const good = `${head}  - { id: a, kind: file, path: a.log }\n`;
const source = (rest: string) => `${head}  - id: a\n    kind: file\n    path: a.log\n    ${rest}\n`;
const http = (rest: string) => `${head}  - id: a\n    kind: http\n    ${rest}\n`;
const idExpected =
  'expected 1 to 40 small letters, digits, dots, dashes or underscores, beginning with a letter or digit';

describe('a bad configuration file is refused with file, line, key, what was found and what was expected', () => {
  it.each([
    [
      'a path that is a number',
      `${head}  - id: a\n    kind: file\n    path: 5\n`,
      ['siaga.yaml:5: sources[0].path: found number 5, expected a path, or a list of paths'],
    ],
    [
      'an unknown key near a known one',
      `prties: x\n${good}`,
      ['siaga.yaml:1: prties: unknown key, did you mean parties?'],
    ],
    [
      'an unknown key near none',
      `colour: x\n${good}`,
      [
        'siaga.yaml:1: colour: unknown key, expected one of server, limits, data, sessions, agencies, parties, accounts, rules, geo, trustedProxies, signals, metrics, oidc, audit, logLevel, sources',
      ],
    ],
    [
      'a key of another spelling',
      source('expect_every: 5m'),
      ['siaga.yaml:6: sources[0].expect_every: unknown key, did you mean expectEvery?'],
    ],
    [
      'the key of another kind of source',
      http('start: end'),
      [
        'siaga.yaml:5: sources[0].start: unknown key, expected one of id, format, zone, fields, expectEvery, trustedProxies, logins, kind, tokenEnv, tokenFile',
      ],
    ],
    [
      'a prototype',
      `__proto__: { x: 1 }\n${good}`,
      [
        'siaga.yaml:1: __proto__: unknown key, expected one of server, limits, data, sessions, agencies, parties, accounts, rules, geo, trustedProxies, signals, metrics, oidc, audit, logLevel, sources',
      ],
    ],
    [
      'a prototype in a section',
      `server:\n  __proto__: 1\n${good}`,
      [
        'siaga.yaml:2: server.__proto__: unknown key, expected one of host, port, origins, secureCookies, tls, trustedProxies',
      ],
    ],
    [
      'a port too large',
      `server:\n  port: 65536\n${good}`,
      ['siaga.yaml:2: server.port: found number 65536, expected a port from 0 to 65535'],
    ],
    [
      'a port as text',
      `server:\n  port: "80"\n${good}`,
      ['siaga.yaml:2: server.port: found "80", expected a port from 0 to 65535'],
    ],
    [
      'a host with a space',
      `server: { host: a b }\n${good}`,
      ['siaga.yaml:1: server.host: found "a b", expected a host name or an IP address'],
    ],
    [
      'an address that is none',
      `server: { host: 192.0.2.999 }\n${good}`,
      ['siaga.yaml:1: server.host: found "192.0.2.999", expected a host name or an IP address'],
    ],
    [
      'any origin',
      `server:\n  origins:\n    - "*"\n${good}`,
      [
        'siaga.yaml:3: server.origins[0]: found "*", expected an origin like https://siaga.example, without a path',
      ],
    ],
    [
      'an origin with a path',
      `server: { origins: ["https://a.example/"] }\n${good}`,
      [
        'siaga.yaml:1: server.origins[0]: found "https://a.example/", expected an origin like https://siaga.example, without a path',
      ],
    ],
    [
      'a flag that is none',
      `server: { secureCookies: yes }\n${good}`,
      ['siaga.yaml:1: server.secureCookies: found "yes", expected true or false'],
    ],
    [
      'a section that is a list',
      `server: []\n${good}`,
      ['siaga.yaml:1: server: found a list, expected a mapping'],
    ],
    [
      'a section that is empty',
      `signals:\n${good}`,
      ['siaga.yaml:1: signals: found nothing, expected a mapping'],
    ],
    [
      'a score over 100',
      `signals: { alertScore: 101 }\n${good}`,
      ['siaga.yaml:1: signals.alertScore: found number 101, expected a score from 0 to 100'],
    ],
    [
      'sessions that end too soon or too late',
      `sessions: { idle: 999ms, absolute: 400d }\n${good}`,
      [
        'siaga.yaml:1: sessions.idle: found "999ms", expected a duration from 1s to 7d, like 1h',
        'siaga.yaml:1: sessions.absolute: found "400d", expected a duration from 1s to 30d, like 24h',
      ],
    ],
    [
      'an unknown key of sessions',
      `sessions: { idel: 1h }\n${good}`,
      ['siaga.yaml:1: sessions.idel: unknown key, did you mean idle?'],
    ],
    [
      'a folder of rules that is missing',
      `rules: [rules, nope]\n${good}`,
      ['siaga.yaml:1: rules[1]: found "nope", expected a folder that exists'],
    ],
    [
      'data that is a file',
      `data: parties.csv\n${good}`,
      ['siaga.yaml:1: data: found "/etc/siaga/parties.csv", expected a folder, not a file'],
    ],
    [
      'no register',
      'sources: [{ id: a, kind: file, path: a.log }]',
      ['siaga.yaml:1: parties: found nothing, expected the path of the register (or --parties)'],
    ],
    [
      'a register that is missing',
      good.replace('parties.csv', 'no.csv'),
      ['siaga.yaml:1: parties: found "no.csv": found no such file, expected one that exists'],
    ],
    [
      'a register of another format',
      good.replace('parties.csv', 'parties.xlsx'),
      ['siaga.yaml:1: parties: found "parties.xlsx", expected a .csv, .yaml or .yml file'],
    ],
    [
      'no sources',
      'parties: parties.csv',
      ['siaga.yaml:1: sources: found nothing, expected at least one source'],
    ],
    [
      'an empty list of sources',
      'parties: parties.csv\nsources: []',
      ['siaga.yaml:2: sources: found nothing, expected at least one source'],
    ],
    [
      'sources that are a mapping',
      'parties: parties.csv\nsources: {a: 1}',
      ['siaga.yaml:2: sources: found a mapping, expected a list of sources'],
    ],
    [
      'a source that is a word',
      `${head}  - nginx\n`,
      ['siaga.yaml:3: sources[0]: found "nginx", expected a source'],
    ],
    [
      'a kind there is not',
      `${head}  - id: a\n    kind: tcp\n`,
      ['siaga.yaml:4: sources[0].kind: found "tcp", expected file, http or syslog'],
    ],
    [
      'a kind named like a method of objects',
      `${head}  - kind: toString\n`,
      ['siaga.yaml:3: sources[0].kind: found "toString", expected file, http or syslog'],
    ],
    [
      'no kind',
      `${head}  - id: a\n`,
      ['siaga.yaml:3: sources[0].kind: found nothing, expected file, http or syslog'],
    ],
    [
      'no id',
      `${head}  - kind: file\n    path: a.log\n`,
      [`siaga.yaml:3: sources[0].id: found nothing, ${idExpected}`],
    ],
    [
      'an id with capital letters',
      `${head}  - { id: Nginx, kind: file, path: a.log }\n`,
      [`siaga.yaml:3: sources[0].id: found "Nginx", ${idExpected}`],
    ],
    [
      'an id with hidden signs',
      `${head}  - { id: "a\\u202Eb\\e[2J", kind: file, path: a.log }\n`,
      [`siaga.yaml:3: sources[0].id: found "a\\u{202e}b\\u001b[2J", ${idExpected}`],
    ],
    [
      'an id twice',
      `${good}  - { id: a, kind: file, path: b.log }\n`,
      ['siaga.yaml:4: sources[1].id: found "a" a second time, expected an id of its own'],
    ],
    [
      'a file twice',
      `${good}  - { id: b, kind: file, path: ./a.log }\n`,
      ['siaga.yaml:4: sources[1].path: found "/etc/siaga/a.log" a second time, expected each file once'],
    ],
    [
      'a folder that is missing',
      `${head}  - { id: a, kind: file, path: /nowhere/a.log }\n`,
      ['siaga.yaml:3: sources[0].path: found "/nowhere/a.log", expected a path in a folder that exists'],
    ],
    [
      'a format there is not',
      source('format: iis'),
      [
        'siaga.yaml:6: sources[0].format: found "iis", expected one of auto, combined, common, vhost, ecs-json, nginx-json, traefik, caddy, haproxy, nginx-error, apache-error, otlp, syslog',
      ],
    ],
    [
      'a start there is not',
      source('start: middle'),
      ['siaga.yaml:6: sources[0].start: found "middle", expected beginning or end'],
    ],
    [
      'a duration without unit',
      source('expectEvery: 60'),
      [
        'siaga.yaml:6: sources[0].expectEvery: found number 60, expected a duration from 1s to 7d, like 60s or 5m, or never',
      ],
    ],
    [
      'a duration too short',
      source('expectEvery: 999ms'),
      [
        'siaga.yaml:6: sources[0].expectEvery: found "999ms", expected a duration from 1s to 7d, like 60s or 5m, or never',
      ],
    ],
    [
      'a duration too long',
      source('expectEvery: 8d'),
      [
        'siaga.yaml:6: sources[0].expectEvery: found "8d", expected a duration from 1s to 7d, like 60s or 5m, or never',
      ],
    ],
    [
      'logins that are a word',
      source('logins: on'),
      ['siaga.yaml:6: sources[0].logins: found "on", expected true, false or a mapping'],
    ],
    [
      'a method in small letters',
      source('logins: { method: post }'),
      ['siaga.yaml:6: sources[0].logins.method: found "post", expected a request method like POST'],
    ],
    [
      'a login path without slash',
      source('logins: { paths: [login] }'),
      [
        'siaga.yaml:6: sources[0].logins.paths[0]: found "login", expected a path beginning with /, without a query',
      ],
    ],
    [
      'no login path',
      source('logins: { paths: [] }'),
      ['siaga.yaml:6: sources[0].logins.paths: found a list, expected at least one path'],
    ],
    [
      'a status that is none',
      source('logins: { failure: [401, 1000] }'),
      ['siaga.yaml:6: sources[0].logins.failure[1]: found number 1000, expected a status from 100 to 599'],
    ],
    [
      'a status that means two things',
      source('logins: { success: [200] }'),
      [
        'siaga.yaml:6: sources[0].logins.failure: found number 200, which success has too, expected it in one of them (see the defaults)',
      ],
    ],
    [
      'no token',
      http('format: auto'),
      ['siaga.yaml:3: sources[0].tokenEnv: found no tokens, expected either tokenEnv or tokenFile'],
    ],
    [
      'two tokens',
      http('tokenEnv: A\n    tokenFile: b'),
      ['siaga.yaml:5: sources[0].tokenEnv: found two tokens, expected either tokenEnv or tokenFile'],
    ],
    [
      'a variable that is absent',
      http('tokenEnv: ABSENT'),
      [
        'siaga.yaml:5: sources[0].tokenEnv: found no environment variable ABSENT, expected a token of 24 to 1024 letters, digits or signs, without spaces',
      ],
    ],
    [
      'a token too short',
      http('tokenEnv: SHORT'),
      [
        'siaga.yaml:5: sources[0].tokenEnv: found something else in SHORT, expected a token of 24 to 1024 letters, digits or signs, without spaces',
      ],
    ],
    [
      'a token file that is missing',
      http('tokenFile: no.token'),
      ['siaga.yaml:5: sources[0].tokenFile: found no such file, expected one that exists'],
    ],
    [
      'a token file that others may read',
      http('tokenFile: open.token'),
      ['siaga.yaml:5: sources[0].tokenFile: found permissions 0640, expected 0600 or narrower (chmod 600)'],
    ],
    [
      'a token of two sources',
      `${head}  - { id: a, kind: http, tokenEnv: GOOD }\n  - { id: b, kind: http, tokenEnv: GOOD }\n`,
      ['siaga.yaml:4: sources[1].tokenEnv: found the token of another source, expected its own'],
    ],
    [
      'metrics without a token',
      `metrics: {}\n${good}`,
      ['siaga.yaml:1: metrics.tokenEnv: found no tokens, expected either tokenEnv or tokenFile'],
    ],
    [
      'metrics with the token of a source',
      `metrics: { tokenEnv: GOOD }\n${head}  - { id: a, kind: http, tokenEnv: GOOD }\n`,
      ['siaga.yaml:1: metrics: found the token of a source, expected its own'],
    ],
    ['an empty file', '', ['siaga.yaml:1: found nothing, expected a mapping of settings']],
    ['a list', '- a', ['siaga.yaml:1: found a list, expected a mapping of settings']],
    ['a key twice', `data: a\ndata: b\n${good}`, ['siaga.yaml:2: Map keys must be unique']],
    [
      'several problems, in the order of lines',
      `data: 1\nserver: { port: -1 }\n${good}  - 7\n`,
      [
        'siaga.yaml:1: data: found number 1, expected a path',
        'siaga.yaml:2: server.port: found number -1, expected a port from 0 to 65535',
        'siaga.yaml:6: sources[1]: found number 7, expected a source',
      ],
    ],
  ])('%s', (_, yaml, expected) => {
    const env = { SHORT: 'short', GOOD: token };
    const files = { '/etc/siaga/open.token': { text: token, mode: 0o640 } };
    expect(problemsOf(loadYaml(yaml, { env, files }))).toEqual(expected);
  });

  it('refuses a file over its limit, a missing one and a folder', () => {
    expect(problemsOf(loadYaml('#'.repeat(maxConfigBytes + 1)))).toEqual([
      `siaga.yaml: found ${maxConfigBytes + 1} bytes, expected at most ${maxConfigBytes}`,
    ]);
    expect(problemsOf(load(['--config', 'no.yaml']))).toEqual([
      'no.yaml: found no such file, expected one that exists',
    ]);
    expect(problemsOf(load(['--config', 'rules']))).toEqual(['rules: found a folder, expected a file']);
  });

  it('shows the problems of the register beside its own', () => {
    const register = 'id,name,kind,number,expectedSince\nP 1,A,national,1,2026-08-01\n';
    expect(
      problemsOf(loadYaml(`data: 1\n${good}`, { files: { '/etc/siaga/parties.csv': register } })),
    ).toEqual([
      'siaga.yaml:1: data: found number 1, expected a path',
      'parties.csv:2: id: found "P 1", expected 1 to 40 letters, digits, dots, dashes or underscores',
    ]);
  });

  it('never prints a token', () => {
    const env = { T: 'secret value with spaces in it' };
    expect(problemsOf(loadYaml(http('tokenEnv: T'), { env })).join()).not.toContain('secret');
  });
});
