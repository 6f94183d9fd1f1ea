import type { IncomingMessage, ServerResponse } from 'node:http';
import { bulkDialect } from './http/bulk.ts';
import type { Dialect, Refusal, Reply } from './http/dialect.ts';
import { answerProbe } from './http/elastic.ts';
import { isTokenOf } from './http/ingest-token.ts';
import { linesDialect } from './http/lines.ts';
import { otlpDialect } from './http/otlp.ts';
import type { HttpSource } from './sources/http-source.ts';

const unauthorised: Refusal = {
  code: 'unauthorised',
  message: 'expected "Authorization: Bearer TOKEN" with the token of this source',
};

const nobodysSha256 = '0'.repeat(64);

/**
 * Answers all below `/ingest/v1/<source>`; `path` is what follows the source and says how the sender speaks: nothing is
 * lines or NDJSON, `/_bulk` and `/<index>/_bulk` Elasticsearch, `/v1/logs` OTLP. What is asked by GET is of Elasticsearch.
 * A body is answered once all of it is durable. An unknown source is refused just as a wrong token is.
 */
export function createIngestHandler(sources: readonly HttpSource[]) {
  const byId = new Map(sources.map((source) => [source.id, source]));
  return async (
    request: IncomingMessage,
    response: ServerResponse,
    sourceId: string,
    path = '',
  ): Promise<void> => {
    const source = byId.get(sourceId);
    const dialect = dialectOf(path, { sourceId, contentType: request.headers['content-type'] ?? '' });
    if (!source) {
      // As much work as for a wrong token of a known source.
      isTokenOf(request.headers.authorization, nobodysSha256);
      write(response, dialect.refuse(unauthorised));
    } else if (request.method === 'GET' || request.method === 'HEAD')
      write(response, source.admits(request) ? answerProbe(sourceId, path) : dialect.refuse(unauthorised));
    else {
      const result = await source.receive(request, dialect);
      write(response, result.ok ? result.value : dialect.refuse(result));
    }
  };
}

function dialectOf(
  path: string,
  { sourceId, contentType }: { readonly sourceId: string; readonly contentType: string },
): Dialect {
  if (path === '') return linesDialect(contentType);
  if (path === '/v1/logs') return otlpDialect(contentType);
  return bulkDialect({ index: /^\/([^/]{1,255})\/_bulk$/.exec(path)?.[1] ?? sourceId });
}

function write(response: ServerResponse, { status, contentType, headers, body }: Reply): void {
  response.statusCode = status;
  response.setHeader('Content-Type', contentType);
  response.setHeader('Cache-Control', 'no-store');
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(body);
}
