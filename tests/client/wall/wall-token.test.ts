import { afterEach, expect, test } from 'vitest';
import { takeWallToken } from '../../../client/wall/wall-token.ts';

afterEach(() => history.replaceState(null, '', '/'));

test.each([
  ['/wall#token=siaga_wall_abc-_9', 'siaga_wall_abc-_9', '/wall'],
  ['/wall?theme=light#token=siaga_wall_abc', 'siaga_wall_abc', '/wall?theme=light'],
  ['/wall#token=undefined', null, '/wall'],
  ['/wall#token=', null, '/wall'],
  ['/wall#other', null, '/wall#other'],
  ['/wall', null, '/wall'],
  ['/investigate#token=siaga_wall_abc', null, '/investigate#token=siaga_wall_abc'],
])('%s holds %s and becomes %s', (address, token, left) => {
  history.pushState(null, '', address);
  const entries = history.length;
  expect(takeWallToken(location, history)).toBe(token);
  expect(location.pathname + location.search + location.hash).toBe(left);
  expect(history.length).toBe(entries);
});
