import type { ErrorRequestHandler, Response } from 'express';
import { statusOfCode, type ErrorCode } from './error-codes.ts';
import type { Log } from './services.ts';

/** Answers with a refusal in the form of `errorSchema`. */
export function refuse(response: Response, code: ErrorCode, message: string): void {
  response.status(statusOfCode[code]).json({ error: { code, message } });
}

const codeOfType: Readonly<Record<string, { code: ErrorCode; message: string } | undefined>> = {
  'entity.too.large': { code: 'too-large', message: 'the body is too large' },
  'entity.parse.failed': { code: 'invalid', message: 'the body is not JSON' },
  'entity.verify.failed': { code: 'invalid', message: 'the body is not JSON' },
  'encoding.unsupported': { code: 'not-json', message: 'expected a body that is not compressed' },
  'charset.unsupported': { code: 'not-json', message: 'expected a body in UTF-8' },
  'request.aborted': { code: 'invalid', message: 'the body is cut off' },
  'request.size.invalid': { code: 'invalid', message: 'the body is not as long as it says' },
};

/** What was thrown on the way: the client's fault is named, ours is logged and told as `internal`, no more. */
export function handleFaults(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const { type, status } = traits(error);
    const detail = `${request.method} ${request.path}: ${error instanceof Error ? error.stack : String(error)}`;
    if (response.headersSent) {
      // The answer has begun; breaking it off is all that can still be said.
      log({ level: 'error', event: 'request:failed', detail });
      response.destroy();
      return;
    }
    const known = type !== undefined && Object.hasOwn(codeOfType, type) ? codeOfType[type] : undefined;
    if (known) return refuse(response, known.code, known.message);
    if (status === 404) return refuse(response, 'not-found', 'no such thing');
    if (status !== undefined && status >= 400 && status < 500) {
      return refuse(response, 'invalid', 'the request is not valid');
    }
    log({ level: 'error', event: 'request:failed', detail });
    return refuse(response, 'internal', 'the server failed');
  };
}

function traits(error: unknown): { type: string | undefined; status: number | undefined } {
  const { type, status } =
    typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {};
  return {
    type: typeof type === 'string' ? type : undefined,
    status: typeof status === 'number' ? status : undefined,
  };
}
