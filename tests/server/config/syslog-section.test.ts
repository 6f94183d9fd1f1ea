import { beforeAll, describe, expect, it } from 'vitest';
import { defaultLogins } from '../../../server/config/defaults.ts';
import { isNetwork, parseListenAddress, printListenAddress } from '../../../server/config/listen-address.ts';
import { maxPemBytes } from '../../../server/config/limits.ts';
import { createCertificates } from '../ingest/sources/syslog-bench.ts';
import { configurationOf, loadYaml, problemsOf } from './load.ts';

const head = 'parties: parties.csv\nsources:\n  - id: a\n    kind: syslog\n';
const yaml = (rest: string) => `${head}    ${rest.replaceAll('\n', '\n    ')}\n`;

let files: Record<string, string | { text: string; mode: number }> = {};
let certificates: ReturnType<typeof createCertificates>;

beforeAll(() => {
  certificates = createCertificates();
  const { ca, server, client } = certificates;
  files = {
    '/etc/siaga/ca.pem': { text: ca, mode: 0o644 },
    '/etc/siaga/server.pem': { text: server.cert, mode: 0o644 },
    '/etc/siaga/server.key': server.key,
    '/etc/siaga/client.key': client.key,
    '/etc/siaga/open.key': { text: server.key, mode: 0o640 },
    '/etc/siaga/not.pem': 'no certificate',
    '/etc/siaga/large.pem': 'x'.repeat(maxPemBytes + 1),
  };
});

const sourceOf = (rest: string) => configurationOf(loadYaml(yaml(rest), { files })).sources[0];

describe('a source of kind syslog', () => {
  it('listens on the loopback for everybody there, and recognises logins as in any access log', () => {
    expect(sourceOf('udp: 127.0.0.1:5514')).toEqual({
      id: 'a',
      kind: 'syslog',
      udp: { host: '127.0.0.1', port: 5514 },
      tcp: null,
      tls: null,
      allow: null,
      format: 'auto',
      logins: defaultLogins,
      trustedProxies: [],
      expectEveryMs: 300_000,
    });
  });

  it('listens elsewhere for those who are named', () => {
    const given = 'udp: "[::]:514"\ntcp: 192.0.2.1:601\nallow: [192.0.2.0/24, "2001:db8::/32", 198.51.100.7]';
    expect(sourceOf(`${given}\nformat: combined\nlogins: false\nexpectEvery: never`)).toMatchObject({
      udp: { host: '::', port: 514 },
      tcp: { host: '192.0.2.1', port: 601 },
      allow: ['192.0.2.0/24', '2001:db8::/32', '198.51.100.7'],
      format: 'combined',
      logins: null,
      expectEveryMs: null,
    });
  });

  it('holds the texts of its certificate and key', () => {
    const { server, ca } = certificates;
    const listen = { host: '127.0.0.1', port: 6514 };
    expect(sourceOf('tls: { listen: 127.0.0.1:6514, cert: server.pem, key: server.key }')).toMatchObject({
      tls: { listen, ...server, ca: null },
    });
    expect(
      sourceOf('tls: { listen: 127.0.0.1:6514, cert: server.pem, key: server.key, ca: ca.pem }'),
    ).toMatchObject({ tls: { listen, ...server, ca } });
  });

  it('warns that logins count twice when another source reports them', () => {
    const result = loadYaml(
      `${yaml('udp: 127.0.0.1:5514')}  - { id: b, kind: syslog, tcp: localhost:1, format: ecs-json }\n`,
    );
    expect(result).toMatchObject({
      value: {
        warnings: [
          expect.stringContaining('Logins are recognised in source a, by default. If source b reports'),
        ],
      },
    });
  });
});

const listenExpected = 'expected an address and a port of this machine, like 127.0.0.1:5514 or [::1]:5514';
const networkExpected = 'expected an address or a network, like 192.0.2.1 or 192.0.2.0/24';
const at = 'siaga.yaml:5: sources[0]';

describe('a bad source of kind syslog is refused with its place', () => {
  it.each([
    [
      'no way in',
      'format: auto',
      ['siaga.yaml:3: sources[0].udp: found no way in, expected udp, tcp or tls'],
    ],
    ['a port alone', 'udp: 514', [`${at}.udp: found number 514, ${listenExpected}`]],
    ['a host alone', 'udp: 127.0.0.1', [`${at}.udp: found "127.0.0.1", ${listenExpected}`]],
    ['a port too large', 'tcp: 127.0.0.1:65536', [`${at}.tcp: found "127.0.0.1:65536", ${listenExpected}`]],
    ['a name', 'tcp: siaga.example:514', [`${at}.tcp: found "siaga.example:514", ${listenExpected}`]],
    ['IPv6 without brackets', 'tcp: "::1:514"', [`${at}.tcp: found "::1:514", ${listenExpected}`]],
    [
      'any address and nobody named',
      'udp: 0.0.0.0:514',
      [
        'siaga.yaml:3: sources[0].allow: found nothing beside 0.0.0.0:514, expected who may send, like [192.0.2.0/24]',
      ],
    ],
    [
      'nobody named',
      'udp: 127.0.0.1:514\nallow: []',
      ['siaga.yaml:6: sources[0].allow: found a list, expected at least one address or network'],
    ],
    [
      'a sender by name',
      'udp: 0.0.0.0:514\nallow: [web.example]',
      [`siaga.yaml:6: sources[0].allow[0]: found "web.example", ${networkExpected}`],
    ],
    [
      'a network with host bits',
      'udp: 0.0.0.0:514\nallow: [192.0.2.1, 192.0.2.1/24]',
      [`siaga.yaml:6: sources[0].allow[1]: found "192.0.2.1/24", ${networkExpected}`],
    ],
    [
      'a key there is not',
      'udp: 127.0.0.1:514\ntls: { listen: 127.0.0.1:1, cert: server.pem, key: server.key, crt: x }',
      ['siaga.yaml:6: sources[0].tls.crt: unknown key, did you mean cert?'],
    ],
    ['TLS that is a word', 'tls: true', [`${at}.tls: found true, expected a mapping`]],
    [
      'bad TLS beside an address that needs names',
      'tls: true\nudp: 0.0.0.0:514',
      [
        'siaga.yaml:3: sources[0].allow: found nothing beside 0.0.0.0:514, expected who may send, like [192.0.2.0/24]',
        `${at}.tls: found true, expected a mapping`,
      ],
    ],
    [
      'TLS without its files',
      'tls: { listen: 127.0.0.1:6514 }',
      [`${at}.tls.cert: found nothing, expected a path`, `${at}.tls.key: found nothing, expected a path`],
    ],
    [
      'files that are missing',
      'tls: { listen: 127.0.0.1:6514, cert: no.pem, key: no.key, ca: no.ca }',
      [
        `${at}.tls.cert: found no such file, expected one that exists`,
        `${at}.tls.key: found no such file, expected one that exists`,
        `${at}.tls.ca: found no such file, expected one that exists`,
      ],
    ],
    [
      'files that hold something else',
      'tls: { listen: 127.0.0.1:6514, cert: not.pem, key: not.pem, ca: not.pem }',
      [
        `${at}.tls.cert: found something else, expected a certificate in PEM`,
        `${at}.tls.key: found something else, expected a private key without a password in PEM`,
        `${at}.tls.ca: found something else, expected a certificate in PEM`,
      ],
    ],
    [
      'a file too large',
      'tls: { listen: 127.0.0.1:6514, cert: large.pem, key: server.key }',
      [`${at}.tls.cert: found ${maxPemBytes + 1} bytes, expected at most ${maxPemBytes}`],
    ],
    [
      'a key that others may read',
      'tls: { listen: 127.0.0.1:6514, cert: server.pem, key: open.key }',
      [`${at}.tls.key: found permissions 0640, expected 0600 or narrower (chmod 600)`],
    ],
    [
      'the key of another certificate',
      'tls: { listen: 127.0.0.1:6514, cert: server.pem, key: client.key }',
      [`${at}.tls.key: found the key of another certificate, expected that of cert`],
    ],
    [
      'an address twice in one source',
      'tcp: 127.0.0.1:6514\ntls: { listen: 127.0.0.1:6514, cert: server.pem, key: server.key }',
      [`${at}.tcp: found "127.0.0.1:6514" a second time, expected each address once`],
    ],
  ])('%s', (_, rest, expected) => {
    expect(problemsOf(loadYaml(yaml(rest), { files }))).toEqual(expected);
  });

  it('an address twice in two sources', () => {
    const first = yaml('udp: 127.0.0.1:5514\ntcp: 127.0.0.1:5514');
    const two = `${first}  - { id: b, kind: syslog, udp: 127.0.0.1:5514 }\n`;
    expect(problemsOf(loadYaml(two))).toEqual([
      'siaga.yaml:7: sources[1].udp: found "127.0.0.1:5514" a second time, expected each address once',
    ]);
  });
});

describe('an address to listen on', () => {
  it.each([
    ['127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
    ['[::1]:65535', { host: '::1', port: 65_535 }],
    ['LOCALHOST:514', { host: 'localhost', port: 514 }],
    ['[::ffff:127.0.0.1]:514', { host: '::ffff:127.0.0.1', port: 514 }],
    ['[::1%lo]:514', null],
    ['[127.0.0.1]:514', null],
    ['0177.0.0.1:514', null],
    ['127.0.0.1:', null],
    [':514', null],
    ['', null],
    ['127.0.0.1:5 14', null],
  ])('is read: %s', (text, expected) => {
    expect(parseListenAddress(text)).toEqual(expected);
    if (expected) expect(parseListenAddress(printListenAddress(expected))).toEqual(expected);
  });
});

describe('a network', () => {
  it.each([
    ['192.0.2.1', true],
    ['192.0.2.1/32', true],
    ['0.0.0.0/0', true],
    ['2001:db8::/32', true],
    ['2001:db8::1/32', false],
    ['::/0', true],
    ['192.0.2.0/33', false],
    ['192.0.2.0/', false],
    ['192.0.2.0/24/24', false],
    ['192.0.2.0/-1', false],
    ['192.0.2/24', false],
    ['fe80::1%eth0', false],
    ['/24', false],
    ['', false],
  ])('%s: %s', (text, expected) => {
    expect(isNetwork(text)).toBe(expected);
  });
});
