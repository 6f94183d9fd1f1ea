import type { LogLevel } from '../log.ts';
import type { GeoConfiguration, LoginRecognition } from './configuration.ts';

export const defaultHost = '127.0.0.1';
export const defaultPort = 8_080;
export const defaultDataDir = 'data';
export const defaultAlertScore = 70;
export const defaultLogLevel: LogLevel = 'info';
export const defaultGeo: GeoConfiguration = { country: { kind: 'shipped' }, network: { kind: 'shipped' } };
export const defaultExpectEveryMs = 5 * 60_000;

/**
 * How a login looks in an access log unless configured: a form login sends the browser on when it succeeded and shows the form again
 * (200) or refuses (401) when not. Of a JSON interface, which answers 200 on success, this is not true: it needs its own setting.
 */
export const defaultLogins: LoginRecognition = {
  method: 'POST',
  paths: ['/login', '/auth/login', '/sipol/login'],
  success: [302, 303],
  failure: [401, 200],
  blocked: [403, 423, 429],
};
