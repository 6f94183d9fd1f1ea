import { chmodSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import * as z from 'zod/mini';
import { fail, type Result } from '../../shared/result.ts';
import type { ImportPiece } from '../ingest/sources/import-desk.ts';
import { answerCall, importedFileSchema, isCallName } from './calls.ts';
import { readPieces } from './piece-frames.ts';
import type { ControlServices } from './services.ts';

/** An import lasts as long as it takes; heads come at once. */
const limits = { requestTimeout: 0, headersTimeout: 10_000, maxHeaderSize: 32_768 };
const maxConnections = 64;

/** The path of the one call that is a stream. */
export const importPath = '/import:file';

/**
 * Answers the calls of commands on a Unix socket. Whoever may open the socket may call: its mode is 0600. A socket that is
 * there already was left by a server that was killed, for the caller holds the data folder; it is replaced. Returns what closes it.
 */
export async function openControlSocket(
  path: string,
  services: ControlServices,
): Promise<{ close: () => Promise<void> }> {
  const server = createServer(limits, (request, response) => {
    answer(request, response, services).catch((error: unknown) => {
      services.log({ level: 'error', event: 'control:failed', detail: String(error) });
      response.destroy();
    });
  });
  server.maxConnections = maxConnections;
  rmSync(path, { force: true });
  await listenPrivately(server, path);
  return {
    close: async () => {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      server.closeAllConnections();
      await services.imports.stop();
      await closed;
    },
  };
}

/** Nobody else may open the socket, not even between its making and its mode. */
function listenPrivately(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const before = process.umask(0o177);
    try {
      server.once('error', reject);
      server.listen(path, () => {
        chmodSync(path, 0o600);
        resolve();
      });
    } finally {
      process.umask(before);
    }
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  services: ControlServices,
): Promise<void> {
  const asked = readCall(request);
  if (asked.path === importPath) return importFile(request, response, { services, args: asked.args });
  const name = asked.path.slice(1);
  const result = isCallName(name)
    ? await answerCall(name, asked.args, services)
    : fail('unknown-call', 'the running server is of another version: it knows no such call');
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(result));
}

/** `POST /<call>?<arguments in JSON>`. */
function readCall({ method, url = '' }: IncomingMessage): { path: string; args: unknown } {
  const mark = url.indexOf('?');
  if (method !== 'POST' || mark < 0) return { path: '/', args: null };
  try {
    return { path: url.slice(0, mark), args: JSON.parse(decodeURIComponent(url.slice(mark + 1))) };
  } catch {
    return { path: '/', args: null };
  }
}

/** Answers in lines of JSON: `{"go":true}` once pieces may come, a receipt for each that is durable, and what it came to. */
async function importFile(
  request: IncomingMessage,
  response: ServerResponse,
  { services, args }: { readonly services: ControlServices; readonly args: unknown },
): Promise<void> {
  const line = (value: unknown): void => void response.write(`${JSON.stringify(value)}\n`);
  const end = (result: Result<unknown>): void => void response.end(`${JSON.stringify(result)}\n`);
  const file = z.safeParse(importedFileSchema, args);
  if (!file.success) return end(fail('bad-arguments', 'the file is not described as expected'));
  async function* pieces(): AsyncGenerator<ImportPiece> {
    line({ go: true });
    yield* readPieces(request as AsyncIterable<Uint8Array>);
  }
  const { source } = file.data;
  let lost = '';
  const result = await services.imports
    .take(file.data, pieces(), ({ stored, unparsed }, piece) => line({ stored, unparsed, end: piece.end }))
    .catch((error: unknown) => {
      lost = String(error);
      return fail('broken-off', 'the import was broken off; what is stored stays');
    });
  const detail = lost || (result.ok ? 'done' : result.message);
  services.log({
    level: 'info',
    event: 'import:ended',
    user: 'command line',
    detail: `${source}: ${detail}`,
  });
  end(result);
}
