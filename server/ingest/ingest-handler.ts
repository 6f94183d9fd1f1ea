import type { IncomingMessage, ServerResponse } from 'node:http';
import { fail } from '../../shared/result.ts';
import type { HttpSource, IngestCode } from './sources/http-source.ts';

const statusOf: Record<IngestCode, number> = {
  unauthorised: 401,
  'too-large': 413,
  'too-many': 429,
  unavailable: 503,
  'bad-request': 400,
  unsupported: 415,
  conflict: 409,
};

const retryAfterSeconds = 2;

/**
 * Answers `POST /ingest/v1/<source>`: lines or NDJSON in, `{received, stored, unparsed, rejected}` out once all is durable.
 * An unknown source is refused just as a wrong token is.
 */
export function createIngestHandler(sources: readonly HttpSource[]) {
  const byId = new Map(sources.map((source) => [source.id, source]));
  return async (request: IncomingMessage, response: ServerResponse, sourceId: string): Promise<void> => {
    const source = byId.get(sourceId);
    const result = source
      ? await source.receive(request)
      : fail('unauthorised', 'expected "Authorization: Bearer TOKEN" with the token of this source');
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.setHeader('Cache-Control', 'no-store');
    if (result.ok) {
      response.statusCode = 200;
      response.end(JSON.stringify(result.value));
      return;
    }
    response.statusCode = statusOf[result.code];
    if (result.code === 'too-many' || result.code === 'unavailable')
      response.setHeader('Retry-After', retryAfterSeconds);
    if (result.code === 'too-large' || result.code === 'unauthorised')
      response.setHeader('Connection', 'close');
    response.end(JSON.stringify({ error: { code: result.code, message: result.message } }));
  };
}
