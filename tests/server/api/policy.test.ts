import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { policyTable } from '../../../server/api/routes.ts';
import { errorSchema } from '../../../shared/api/schemas.ts';
import { openApi, type ApiDesk } from './support.ts';

let api: ApiDesk;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

describe('the policy table', () => {
  test('has at most one parameter in a segment, so that no path is slow to match', () => {
    for (const { path } of policyTable) {
      for (const segment of path.split('/')) expect(segment).toMatch(/^([:*][a-z0-9_]*|[a-z0-9_-]*)$/);
    }
  });
});

describe('what is not in the table', () => {
  test.each([
    ['GET', '/api'],
    ['GET', '/api/nothing'],
    ['GET', '/api/session/'],
    ['GET', '/API/session'],
    ['PUT', '/api/session'],
    ['PATCH', '/api/session'],
    ['OPTIONS', '/api/session'],
    ['OPTIONS', '*'],
    ['TRACE', '/api/session'],
    ['DELETE', '/api/users/admin'],
    ['GET', '/api/alerts/a/b'],
    ['POST', '/ingest/v1'],
    ['GET', '/ingest/v1/web'],
    ['GET', '/metrics'],
    ['GET', '/server/main.ts'],
    ['GET', '/.secret'],
    ['GET', '/assets/'],
    ['GET', '/assets/..%2f..%2fpackage.json'],
    ['GET', '/..%5c..%5cpackage.json'],
    ['GET', '//evil.example/..'],
  ])('%s %s is not found, for an admin too', async (method, path) => {
    const answer = await api.ask(path, { method, cookie: api.cookieOf('admin') });
    expect(answer.status).toBe(404);
    expect(errorSchema.parse(answer.json).error.code).toBe('not-found');
    expect(answer.headers.allow).toBeUndefined();
  });
});
