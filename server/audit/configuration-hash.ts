import { createHash } from 'node:crypto';
import type { Configuration } from '../config/configuration.ts';

/** Names of settings that are secrets, or prove one; they are no part of the hash. */
const secret = /^(token|key|tokenSha256|metricsTokenSha256|password|secret|clientSecret)$/;

/** SHA-256 of what a server was started with, hex: the same settings give the same, whatever their order in the file. */
export function configurationHash(configuration: Configuration): string {
  const text = JSON.stringify(configuration, (name, value: unknown) => {
    if (secret.test(name)) return undefined;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
  return createHash('sha256').update(text).digest('hex');
}
