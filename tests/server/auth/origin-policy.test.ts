import { describe, expect, test } from 'vitest';
import { createOriginPolicy } from '../../../server/auth/origin-policy.ts';

const policy = createOriginPolicy(['https://siaga.example', 'http://192.0.2.5:8443']);
const port = 7800;

describe('hosts', () => {
  test.each([
    ['siaga.example', true],
    ['SIAGA.example', true],
    ['192.0.2.5:8443', true],
    ['localhost:7800', true],
    ['127.0.0.1:7800', true],
    ['[::1]:7800', true],
    ['siaga.example:8443', false],
    ['localhost', false],
    ['localhost:7801', false],
    ['siaga.example.evil.example', false],
    ['evil.example', false],
    ['', false],
    [undefined, false],
  ])('%s: %s', (host, own) => {
    expect(policy.isOwnHost(host, port)).toBe(own);
  });

  test('loopback names need no port where the server has the usual one', () => {
    expect(policy.isOwnHost('localhost', 80)).toBe(true);
    expect(policy.isOwnHost('localhost:undefined', undefined)).toBe(false);
  });
});

describe('changes', () => {
  test.each([
    ['an own origin', { origin: 'https://siaga.example' }, true],
    ['the loopback origin', { origin: 'http://127.0.0.1:7800', cookie: 'a=b' }, true],
    ['another port', { origin: 'http://127.0.0.1:7801' }, false],
    ['another scheme', { origin: 'http://siaga.example' }, false],
    ['a look-alike', { origin: 'https://siaga.example.evil.example' }, false],
    ['a neighbour', { origin: 'https://other.siaga.example' }, false],
    ['a trailing slash', { origin: 'https://siaga.example/' }, false],
    ['null', { origin: 'null' }, false],
    ['an empty origin', { origin: '' }, false],
    [
      'a foreign origin that the browser calls same-origin',
      { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
      false,
    ],
    ['no origin, vouched for by the browser', { cookie: 'a=b', 'sec-fetch-site': 'same-origin' }, true],
    ['no origin, typed by the user', { cookie: 'a=b', 'sec-fetch-site': 'none' }, true],
    ['no origin, from a neighbour', { cookie: 'a=b', 'sec-fetch-site': 'same-site' }, false],
    ['no origin, from elsewhere, without a cookie', { 'sec-fetch-site': 'cross-site' }, false],
    ['no origin and no cookie', {}, true],
    ['no origin but a cookie', { cookie: 'a=b' }, false],
  ])('%s', (_name, headers, may) => {
    expect(policy.mayChange(headers, port)).toBe(may);
  });
});

test.each(['https://siaga.example/', 'siaga.example', 'https://siaga.example/path', '*'])(
  '%s is no origin and stops the start',
  (origin) => {
    expect(() => createOriginPolicy([origin])).toThrow();
  },
);
