import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sendWebhook, type Lookup } from '../../../server/audit/send-webhook.ts';
import { isWebhookUrl, mayCall } from '../../../server/audit/webhook-address.ts';

describe('the address of a webhook', () => {
  test.each([
    'https://siem.example/heads?of=siaga',
    'https://192.0.2.1:8443/',
    'http://localhost:9/',
    'http://127.8.0.1/',
    'http://[::1]:1/',
  ])('%s may be one', (url) => {
    expect(isWebhookUrl(url)).toBe(true);
  });

  test.each([
    'http://siem.example/',
    'http://localhost.siem.example/',
    'http://169.254.169.254/latest/',
    'http://[::ffff:10.0.0.1]/',
    'ftp://siem.example/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'https://user:secret@siem.example/',
    'https://siem.example/#part',
    'siem.example',
    '',
  ])('%s may not', (url) => {
    expect(isWebhookUrl(url)).toBe(false);
  });
});

describe('what a name resolves to', () => {
  const judged = (address: string, isOwn = false, allowPrivate = false) =>
    mayCall(address, { isOwn, allowPrivate }).ok;

  test.each(['8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8'])('%s may be called', (address) => {
    expect(judged(address)).toBe(true);
  });

  test.each(['10.1.2.3', '172.16.0.1', '192.168.1.1', '100.64.0.1', 'fd12::1', '::ffff:10.1.2.3'])(
    '%s only where private networks are allowed',
    (address) => {
      expect(judged(address)).toBe(false);
      expect(judged(address, false, true)).toBe(true);
    },
  );

  test.each([
    '169.254.169.254',
    '::ffff:169.254.169.254',
    'fe80::1',
    'fd00:ec2::254',
    '100.100.100.200',
    '0.0.0.0',
    '::',
    '255.255.255.255',
    '224.0.0.1',
    'ff02::1',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    'nonsense',
  ])('%s never', (address) => {
    expect(judged(address, true, true)).toBe(false);
  });

  test('the loopback only when it is named, not when a name server says so', () => {
    expect(judged('127.0.0.1', true)).toBe(true);
    expect(judged('127.0.0.1', false, true)).toBe(false);
    expect(judged('::1', false, true)).toBe(false);
  });
});

describe('a webhook', () => {
  let server: Server;
  let url: string;
  let asked: { request: IncomingMessage; body: string }[];
  let answer: { status: number; headers?: Record<string, string>; silent?: boolean };
  beforeEach(async () => {
    asked = [];
    answer = { status: 204 };
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        asked.push({ request, body });
        if (!answer.silent) response.writeHead(answer.status, answer.headers).end('a long answer');
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    url = `http://localhost:${(server.address() as AddressInfo).port}/heads`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const webhook = (over: { url?: string; token?: string | null } = {}) => ({
    url,
    token: null,
    allowPrivate: false,
    ...over,
  });
  const loopback: Lookup = () => Promise.resolve([{ address: '127.0.0.1' }]);

  test('gets the text, with the token, at the address that was judged', async () => {
    const token = 'a-token-of-some-length-0001';
    await sendWebhook(webhook({ token }), '{"seq":1}', { lookup: loopback });
    const [call] = asked;
    expect(call?.body).toBe('{"seq":1}');
    expect(call?.request.method).toBe('POST');
    expect(call?.request.url).toBe('/heads');
    expect(call?.request.headers).toMatchObject({
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    });
    expect(call?.request.headers.host).toMatch(/^localhost:/);
  });

  test('is not called without a token that there isn’t', async () => {
    await sendWebhook(webhook(), '{}', { lookup: loopback });
    expect(asked[0]?.request.headers.authorization).toBeUndefined();
  });

  test('is resolved once', async () => {
    let lookups = 0;
    await sendWebhook(webhook(), '{}', {
      lookup: () => {
        lookups += 1;
        return Promise.resolve([{ address: lookups === 1 ? '127.0.0.1' : '169.254.169.254' }]);
      },
    });
    expect([lookups, asked.length]).toEqual([1, 1]);
  });

  test.each([301, 302, 307, 308])('that redirects (%i) is not followed', async (status) => {
    answer = { status, headers: { location: url } };
    await expect(sendWebhook(webhook(), '{}', { lookup: loopback })).rejects.toThrow('redirect');
    expect(asked).toHaveLength(1);
  });

  test.each([400, 401, 500, 503])('that answers %i has failed', async (status) => {
    answer = { status };
    await expect(sendWebhook(webhook(), '{}', { lookup: loopback })).rejects.toThrow(`answered ${status}`);
  });

  test('that doesn’t answer is given up', async () => {
    answer = { status: 200, silent: true };
    const sent = sendWebhook(webhook(), '{}', { lookup: loopback, timeoutMs: 50 });
    await expect(sent).rejects.toThrow('no answer in time');
  });

  test('whose name server doesn’t answer is given up', async () => {
    const never: Lookup = () => new Promise(() => undefined);
    const sent = sendWebhook(webhook(), '{}', { lookup: never, timeoutMs: 50 });
    await expect(sent).rejects.toThrow('no answer in time');
  });

  test.each([['169.254.169.254'], ['10.0.0.1'], ['::1']])(
    'of which one address is %s is not called at all',
    async (address) => {
      const lookup: Lookup = () => Promise.resolve([{ address: '8.8.8.8' }, { address }]);
      const sent = sendWebhook(webhook({ url: 'https://siem.example/' }), '{}', { lookup });
      await expect(sent).rejects.toThrow('may not be called');
    },
  );

  test('that is gone says why, without the token', async () => {
    const token = 'a-token-of-some-length-0001';
    await new Promise((resolve) => server.close(resolve));
    const failure = await sendWebhook(webhook({ token }), '{}', { lookup: loopback }).catch(String);
    expect(failure).toContain('ECONNREFUSED');
    expect(failure).not.toContain(token);
  });
});
