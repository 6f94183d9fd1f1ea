import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import express from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultLimits } from '../../../server/limits/limits.ts';
import { openApi, origin, type ApiDesk } from './support.ts';

let api: ApiDesk;
beforeAll(async () => {
  const ingest = express.Router();
  ingest.post('/ingest/v1/:source', express.text({ type: '*/*' }), (request, response) => {
    response.json({ source: request.params.source, body: request.body as unknown });
  });
  api = await openApi({ ingest });
});
afterAll(() => api.close());

const asAdmin = () => ({ cookie: api.cookieOf('admin') });
const codeOf = (json: unknown) => (json as { error?: { code?: string } } | undefined)?.error?.code;

describe('every answer', () => {
  test.each(['/', '/healthz', '/api/session', '/api/nothing', '/siaga.svg', '/assets/main-1a2b3c4d.js'])(
    'of %s carries the security headers',
    async (path) => {
      const { headers } = await api.ask(path);
      expect(headers['content-security-policy']).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
          "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; " +
          "require-trusted-types-for 'script'; trusted-types 'none'",
      );
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers['x-powered-by']).toBeUndefined();
      expect(headers['access-control-allow-origin']).toBeUndefined();
      expect(headers['strict-transport-security']).toBeUndefined();
    },
  );

  test.each([
    ['/api/session', 'no-store'],
    ['/healthz', 'no-store'],
    ['/nothing', 'no-store'],
    ['/', 'no-cache'],
    ['/alerts/a1', 'no-cache'],
    ['/siaga.svg', 'no-cache'],
    ['/assets/main-1a2b3c4d.js', 'public, max-age=31536000, immutable'],
  ])('of %s is cached as %s', async (path, caching) => {
    expect((await api.ask(path)).headers['cache-control']).toBe(caching);
  });

  test('asks for TLS from then on where that is configured', async () => {
    const secure = await openApi({ secureCookies: true });
    const answer = await secure.ask('/healthz');
    expect(answer.headers['strict-transport-security']).toMatch(/^max-age=31536000/);
    await secure.close();
  });
});

describe('the host asked for', () => {
  test.each([
    ['siaga.example', 401],
    ['127.0.0.1:{port}', 401],
    ['localhost:{port}', 401],
    ['evil.example', 421],
    ['siaga.example.evil.example', 421],
    ['localhost', 421],
  ])('%s is answered %i', async (host, status) => {
    const headers = { host: host.replace('{port}', String(api.port)) };
    expect((await api.ask('/api/session', { headers })).status).toBe(status);
  });

  test('does not matter to those who watch the process, nor to sources with their token', async () => {
    const headers = { host: '192.0.2.5' };
    expect((await api.ask('/healthz', { headers })).status).toBe(200);
    expect((await api.ask('/ingest/v1/web', { method: 'POST', headers })).status).toBe(200);
    expect((await api.ask('/', { headers })).status).toBe(421);
  });
});

describe('where a change comes from', () => {
  const change = (headers: Record<string, string>) =>
    api.ask('/api/session/password', { method: 'POST', body: {}, ...asAdmin(), headers });

  test.each(['https://evil.example', 'null', 'https://siaga.example.evil.example', 'http://siaga.example'])(
    'the origin %s is refused, with a good session too',
    async (foreign) => {
      const answer = await change({ origin: foreign });
      expect([answer.status, codeOf(answer.json)]).toEqual([403, 'origin-refused']);
    },
  );

  test('an own origin is obeyed', async () => {
    expect((await change({ origin })).status).toBe(400);
    expect((await change({ origin: `http://127.0.0.1:${api.port}` })).status).toBe(400);
  });

  test('no origin and a cookie is refused', async () => {
    const { status } = await api.ask('/api/alerts/a1/acknowledge', {
      method: 'POST',
      ...asAdmin(),
      headers: { origin: [] },
    });
    expect(status).toBe(403);
  });

  test('a foreign origin may not sign in either: nobody is signed in as someone else', async () => {
    const body = { name: 'admin', password: 'x' };
    const headers = { origin: 'https://evil.example' };
    expect((await api.ask('/api/session', { method: 'POST', body, headers })).status).toBe(403);
  });
});

describe('a body', () => {
  const signIn = (asked: { body?: unknown; raw?: string | Buffer; headers?: Record<string, string> }) =>
    api.ask('/api/session', { method: 'POST', ...asked });
  const ofSize = (bytes: number) => {
    const frame = JSON.stringify({ name: 'a', password: 'b', filling: '' });
    return frame.replace('"filling":""', `"filling":"${'x'.repeat(bytes - frame.length)}"`);
  };

  test.each([
    ['at the limit', ofSize(defaultLimits.bodyBytes), {}, 401],
    ['one byte over the limit', ofSize(defaultLimits.bodyBytes + 1), {}, 413],
    ['that is no JSON', '{"name":', {}, 400],
    ['that is a bare word', 'true', {}, 400],
    ['that is a list', '[]', {}, 400],
    ['that is nothing', '', {}, 400],
    ['of a form', 'name=a&password=b', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['of text', '{"name":"a","password":"b"}', { 'content-type': 'text/plain' }, 415],
    ['of a look-alike type', '{}', { 'content-type': 'application/jsonp' }, 415],
    ['in another alphabet', '{}', { 'content-type': 'application/json; charset=latin1' }, 415],
    ['with text for a number', '{"name":1,"password":"b"}', {}, 400],
    ['with a list for text', '{"name":["admin"],"password":"b"}', {}, 400],
  ])('%s', async (_name, raw, headers, status) => {
    expect((await signIn({ raw, headers })).status).toBe(status);
  });

  test('that is compressed is refused unread', async () => {
    const raw = gzipSync('{"name":"a","password":"b"}');
    expect((await signIn({ raw, headers: { 'content-encoding': 'gzip' } })).status).toBe(415);
  });

  test('sent where none is taken is refused', async () => {
    const answer = await api.ask('/api/alerts/a1/acknowledge', { method: 'POST', ...asAdmin(), body: {} });
    expect([answer.status, codeOf(answer.json)]).toEqual([400, 'invalid']);
  });

  test('of someone who may not send it is not looked at', async () => {
    const answer = await api.ask('/api/users', { method: 'POST', raw: '{"broken' });
    expect(answer.status).toBe(401);
  });

  test('cannot change what objects are', async () => {
    const nested = (depth: number): string =>
      depth === 0 ? '{"polluted":true}' : `{"__proto__":${nested(depth - 1)}}`;
    for (const raw of [
      '{"__proto__":{"polluted":true,"role":"admin"},"name":"a","password":"b"}',
      '{"constructor":{"prototype":{"polluted":true}},"name":"a","password":"b"}',
      nested(50),
    ]) {
      expect([400, 401]).toContain((await signIn({ raw })).status);
    }
    const patch = '{"__proto__":{"disabled":true,"role":"viewer"}}';
    const patched = await api.ask('/api/users/vera', { method: 'PATCH', raw: patch, ...asAdmin() });
    expect(patched.json).toMatchObject({ user: { role: 'viewer', disabled: false } });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('is written field by field: what it may not set, it does not set', async () => {
    const body = { name: 'nina', role: 'viewer', disabled: true, lastSignIn: 1, password_hash: 'x' };
    const answer = await api.ask('/api/users', { method: 'POST', body, ...asAdmin() });
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({ user: { name: 'nina', disabled: false, lastSignIn: null } });
    expect(answer.text).not.toContain('argon2');
  });
});

describe('a query', () => {
  const range = 'from=0&to=1000';
  test.each([
    [range, 200],
    [`${range}&filter=source.ip:192.0.2.1&filter=!user.name:budi`, 200],
    [`${range}&from=5`, 400],
    [`${range}&text=a&text=b`, 400],
    [`${range}&filter[]=source.ip:192.0.2.1`, 400],
    [`${range}&filter[a]=b`, 400],
    [`${range}&__proto__=x`, 400],
    [`${range}&__proto__[polluted]=x`, 400],
    [`${range}&constructor=x`, 400],
    [`${range}&filters=source.ip:192.0.2.1`, 400],
    [`${range}&filter=no-field:1`, 400],
    [`${range}&filter=__proto__:1`, 400],
    [`${range}&limit=500`, 200],
    [`${range}&limit=501`, 400],
    [`${range}&limit=0`, 400],
    [`${range}&limit=1e9`, 400],
    [`${range}&limit=`, 400],
    [`${range}&before=${encodeURIComponent("' or 1=1")}`, 400],
    ['from=1000&to=0', 400],
    ['from=0&to=99999999999999', 400],
    ['from=a&to=b', 400],
    ['', 400],
    [`${range}${'&filter=source.ip:192.0.2.1'.repeat(21)}`, 400],
    [`${range}${'&'.repeat(10_000)}`, 400],
    [`${range}&text=%`, 200],
    [`${range}&text=%ff%00`, 200],
  ])('%#: %s is answered %i', async (query, status) => {
    const answer = await api.ask(`/api/events?${query}`, asAdmin());
    expect(answer.status).toBe(status);
    if (status === 400) expect(codeOf(answer.json)).toBe('invalid');
  });

  test.each([
    '/api/users?a=1',
    '/api/session?filter=x',
    '/api/alerts?status=new',
    '/api/alerts?status=open&status=all',
  ])('%s is refused: the route knows no such thing', async (path) => {
    expect((await api.ask(path, asAdmin())).status).toBe(400);
  });

  test.each(['/api/events/histogram', '/api/events/top'])('%s has its own bounds', async (path) => {
    const ask = async (query: string) => (await api.ask(`${path}?${range}${query}`, asAdmin())).status;
    const isTop = path.endsWith('top');
    expect(await ask(isTop ? '&field=source.ip' : '&buckets=400')).toBe(200);
    expect(await ask(isTop ? '&field=__proto__' : '&buckets=401')).toBe(400);
    expect(await ask(isTop ? '&field=source.ip&limit=5' : '&buckets=1.5')).toBe(400);
  });
});

describe('a path', () => {
  test.each(['/api/alerts/%', '/api/alerts/%ff', '/api/parties/%c0%ae'])(
    '%s cannot be read and is refused',
    async (path) => {
      expect((await api.ask(path, asAdmin())).status).toBe(400);
    },
  );

  test.each(['__proto__', 'constructor', ':id', '%00', '*', 'undefined', '..%2f..', 'x'.repeat(90)])(
    'with the id %s names nothing',
    async (id) => {
      for (const path of ['/api/alerts/', '/api/parties/']) {
        expect((await api.ask(path + id, asAdmin())).status).toBe(404);
      }
      const answer = await api.ask(`/api/users/${id}`, { method: 'PATCH', body: {}, ...asAdmin() });
      expect(answer.status).toBe(404);
    },
  );

  test('may be long without being slow', async () => {
    const began = performance.now();
    for (const path of ['/api/alerts/', '/alerts/', '/ingest/v1/', '/']) {
      await api.ask(`${path}${'a/%2e'.repeat(2_000)}`, asAdmin());
    }
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

describe('hostile headers', () => {
  test('do not end the process', async () => {
    const names = ['__proto__', 'constructor', 'hasOwnProperty', 'toString'];
    const text = [
      'GET /api/session HTTP/1.1',
      `Host: 127.0.0.1:${api.port}`,
      ...names.map((name) => `${name}: x`),
      'Cookie: __proto__=x; siaga_session=__proto__',
      'Connection: close',
      '\r\n',
    ].join('\r\n');
    const answer = await new Promise<string>((resolve, reject) => {
      let heard = '';
      const socket = connect(api.port, '127.0.0.1', () => socket.write(text));
      socket.on('data', (data) => (heard += data.toString()));
      socket.on('end', () => resolve(heard));
      socket.on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1.1 401 /);
    expect((await api.ask('/healthz')).status).toBe(200);
  });
});

describe('ingest', () => {
  test('gets its source and its body unread, and needs no cookie and no origin', async () => {
    const answer = await api.ask('/ingest/v1/web?batch=1', {
      method: 'POST',
      raw: '{"broken',
      headers: { origin: 'https://evil.example' },
    });
    expect(answer.json).toEqual({ source: 'web', body: '{"broken' });
  });
});

describe('the client', () => {
  test.each(['/', '/wall', '/investigate', '/sources', '/alerts', '/alerts/a1', '/parties', '/parties/p1'])(
    '%s is the shell, for anybody: it holds no data',
    async (path) => {
      const answer = await api.ask(`${path}?from=1`);
      expect([answer.status, answer.text]).toEqual([200, '<!doctype html><title>Siaga</title>']);
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    },
  );

  test('is asked for by HEAD too', async () => {
    expect(await api.ask('/', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
  });
});
