import type { Translator } from '../../shared/i18n/translate.ts';

/** Acts that have words; another is shown by its name. */
export const knownActions = [
  'alert:acknowledged',
  'alert:closed',
  'alert:reopened',
  'audit:read',
  'chain:broken',
  'configuration:warned',
  'import:begun',
  'import:ended',
  'notes:limited',
  'notes:lost',
  'request:refused',
  'server:started',
  'server:stopped',
  'socket:connected',
  'socket:ended',
  'socket:refused',
  'session:begun',
  'session:ended',
  'session:refused',
  'password:changed',
  'password:reset',
  'user:created',
  'user:updated',
  'token:created',
  'token:revoked',
  'wall:created',
  'wall:changed',
  'wall:revoked',
  'events:exported',
] as const;
type KnownAction = (typeof knownActions)[number];

const isKnown = (action: string): action is KnownAction =>
  (knownActions as readonly string[]).includes(action);

/** The act in words; `null` when there are none for it. */
export const actionWords = (action: string, t: Translator['t']): string | null =>
  isKnown(action) ? t(`audit.action.${action}`) : null;
