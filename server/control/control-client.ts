import { Agent, request, type ClientRequest, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import * as z from 'zod/mini';
import type { Result } from '../../shared/result.ts';
import type { ImportDone, ImportPiece } from '../ingest/sources/import-desk.ts';
import { calls, importDoneSchema, type AnswerOf, type CallName } from './calls.ts';
import type { Control, PieceReceipt } from './control.ts';
import { importPath } from './control-server.ts';
import { pieceFrame } from './piece-frames.ts';

const serverGone = 'the server is gone; what it stored stays, run the import again';
/** Longest answer that is read, characters. */
const maxAnswerLength = 64 * 1024 * 1024;

const resultOf = <T extends z.core.$ZodType>(value: T) =>
  z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), value }),
    z.object({ ok: z.literal(false), code: z.string(), message: z.string() }),
  ]);
const importLineSchema = z.union([
  z.strictObject({ go: z.literal(true) }),
  z.strictObject({ stored: z.int(), unparsed: z.int(), end: z.int() }),
  resultOf(importDoneSchema),
]);

/** The server at a control socket; `null` when none listens there. Rejects when the socket may not be opened. */
export async function connectControl(path: string): Promise<Control | null> {
  const agent = new Agent({ keepAlive: true });
  const send = (call: string, args: unknown): ClientRequest =>
    request({
      socketPath: path,
      agent,
      method: 'POST',
      path: `${call}?${encodeURIComponent(JSON.stringify(args))}`,
    });
  const control: Control = {
    call: async (name, args) => {
      const sent = send(`/${name}`, args);
      sent.end();
      return readAnswer(name, await responseTo(sent));
    },
    importFile: (file, pieces, told) => importFile(send(importPath, file), pieces, told),
    close: () => Promise.resolve(agent.destroy()),
  };
  try {
    await control.call('hello', {});
    return control;
  } catch (error) {
    await control.close();
    if (isNobodyThere(error)) return null;
    throw error;
  }
}

const isNobodyThere = (error: unknown): boolean =>
  ['ENOENT', 'ECONNREFUSED'].includes((error as NodeJS.ErrnoException).code ?? '');

const isReset = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ECONNRESET';

function responseTo(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.on('response', resolve);
    sent.on('error', reject);
  });
}

async function readAnswer<N extends CallName>(
  name: N,
  response: IncomingMessage,
): Promise<Result<AnswerOf<N>>> {
  let text = '';
  response.setEncoding('utf8');
  for await (const piece of response as AsyncIterable<string>) {
    text += piece;
    if (text.length > maxAnswerLength) throw new Error('the server answers more than is read');
  }
  return z.parse(resultOf(calls[name].answer), JSON.parse(text)) as Result<AnswerOf<N>>;
}

/** Sends the pieces once the server says so; its last line is what it came to. */
async function importFile(
  sent: ClientRequest,
  pieces: AsyncIterable<ImportPiece>,
  told: (receipt: PieceReceipt) => void,
): Promise<Result<ImportDone>> {
  sent.flushHeaders();
  const response = await responseTo(sent);
  let sending: Promise<void> = Promise.resolve();
  let failure: unknown = null;
  try {
    for await (const line of createInterface({ input: response })) {
      const said = z.parse(importLineSchema, JSON.parse(line));
      if ('ok' in said) {
        await sending;
        if (failure !== null) throw failure;
        return said;
      }
      if ('end' in said) told(said);
      else
        sending = sendPieces(sent, pieces).catch((error: unknown) => {
          failure = error;
          sent.destroy();
        });
    }
  } catch (error) {
    // A connection that we ended ourselves ends with an error too.
    throw failure ?? (isReset(error) ? new Error(serverGone, { cause: error }) : error);
  } finally {
    sent.destroy();
  }
  throw failure ?? new Error(serverGone);
}

async function sendPieces(sent: ClientRequest, pieces: AsyncIterable<ImportPiece>): Promise<void> {
  for await (const piece of pieces) {
    for (const bytes of pieceFrame(piece)) if (!sent.write(bytes)) await drained(sent);
  }
  sent.end();
}

/** Waits for room; rejects when the connection ends. */
function drained(sent: ClientRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    const onDrain = (): void => {
      sent.off('close', onClose);
      resolve();
    };
    const onClose = (): void => {
      sent.off('drain', onDrain);
      reject(new Error(serverGone));
    };
    sent.once('drain', onDrain);
    sent.once('close', onClose);
  });
}
