import type { RequestHandler } from 'express';
import { hasBearerToken } from '../auth/bearer-token.ts';
import { refuse } from './refuse.ts';

export interface MetricsHandlerParts {
  /** Lower-case hex SHA-256 of the token of those who scrape; `null`: nobody may, and nothing is there. */
  readonly tokenSha256: string | null;
  readonly text: () => Promise<string>;
  readonly contentType: string;
}

/** Answers `GET /metrics` to whom the token belongs; 404 when no token is configured. */
export function createMetricsHandler(parts: MetricsHandlerParts): RequestHandler {
  const { tokenSha256, text, contentType } = parts;
  return (request, response, next) => {
    if (tokenSha256 === null) return refuse(response, 'not-found', 'no such thing');
    if (!hasBearerToken(request.headers.authorization, tokenSha256)) {
      response.setHeader('WWW-Authenticate', 'Bearer realm="metrics"');
      return refuse(response, 'unauthenticated', 'expected "Authorization: Bearer TOKEN"');
    }
    text().then((body) => {
      response.setHeader('Content-Type', contentType);
      response.end(body);
    }, next);
  };
}
