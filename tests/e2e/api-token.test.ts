import { io, type Socket } from 'socket.io-client';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { livePath, type ClientToServer, type ServerToClient } from '../../shared/live/protocol.ts';
import { launch, signInFirst } from './browser.ts';
import { privateFolder, startSiaga, type SiagaProcess } from './siaga-process.ts';

let folder: Awaited<ReturnType<typeof privateFolder>>;
let siaga: SiagaProcess;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  folder = await privateFolder();
  siaga = await startSiaga({ folder: folder.folder, args: [] });
  browser = await launch();
  page = await browser.newPage();
  await signInFirst(page, siaga.url, siaga.oneTimePassword());
  await page.getByRole('link', { name: 'Selidik' }).waitFor();
});
afterAll(async () => {
  await browser?.close();
  await siaga?.stop();
  await folder?.remove();
});

/** Asks as the signed-in browser. */
const ask = (method: string, path: string, body?: object) =>
  page.evaluate(
    async (request) => {
      const { method: verb, path: target, body: content } = request;
      const answer = await fetch(target, {
        method: verb,
        ...(content === null ? {} : { headers: { 'content-type': 'application/json' }, body: content }),
      });
      return { status: answer.status, text: await answer.text() };
    },
    { method, path, body: body === undefined ? null : JSON.stringify(body) },
  );

it('a program reads and listens by its token alone, until it is revoked', async () => {
  const made = await ask('POST', '/api/tokens', { name: 'skrip', scopes: ['live:read'], expiresInDays: 1 });
  expect(made.status).toBe(201);
  const { secret, token } = JSON.parse(made.text) as { secret: string; token: { id: string } };
  const headers = { authorization: `Bearer ${secret}` };
  const status = async (path: string, extra = {}) =>
    (await fetch(siaga.url + path, { headers: { ...headers, ...extra } })).status;
  expect(await status('/api/trend')).toBe(200);
  expect(await status('/api/alerts')).toBe(403);
  expect(await status('/api/trend', { cookie: 'a=b' })).toBe(401);

  const socket: Socket<ServerToClient, ClientToServer> = io(siaga.url, {
    path: livePath,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: headers,
  });
  const ended = new Promise((resolve) => void socket.on('session:ended', resolve));
  await new Promise<void>((resolve, reject) => {
    socket.on('connect_error', reject);
    socket.on('connect', () => {
      socket.emit('live:subscribe', { frameSeq: null, alertCursor: null }, () => undefined);
    });
    socket.on('frame:sent', () => resolve());
  });
  expect((await ask('DELETE', `/api/tokens/${token.id}`)).status).toBe(204);
  expect(await ended).toEqual({ reason: 'revoked' });
  expect(await status('/api/trend')).toBe(401);
  socket.disconnect();
  expect(siaga.output()).not.toContain(secret);
});

it('a socket without an origin and without a token is not let in', async () => {
  const refused = (extraHeaders: Record<string, string>) =>
    new Promise((resolve) => {
      const socket = io(siaga.url, {
        path: livePath,
        transports: ['websocket'],
        reconnection: false,
        forceNew: true,
        extraHeaders,
      });
      socket.on('connect', () => resolve(socket.disconnect() && false));
      socket.on('connect_error', () => resolve(true));
    });
  const [cookie] = await page.context().cookies();
  expect(await refused({ cookie: `${cookie?.name}=${cookie?.value}` })).toBe(true);
  expect(await refused({})).toBe(true);
  expect(await refused({ authorization: 'Bearer siaga_api_x', origin: 'https://elsewhere.example' })).toBe(
    true,
  );
});
