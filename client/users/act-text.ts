import type { MessageKey } from '../../shared/i18n/catalogue.ts';
import type { Translator } from '../../shared/i18n/translate.ts';
import { errorText } from '../api/error-text.ts';
import { RequestError } from '../api/request.ts';

const refusals: Readonly<Record<string, MessageKey>> = {
  conflict: 'users.refused.conflict',
  'last-admin': 'users.refused.last-admin',
  'limit-reached': 'users.refused.limit-reached',
  invalid: 'users.refused.invalid',
};

/** Why an act on a user was refused. */
export function actText(error: unknown, t: Translator['t']): string {
  const code = error instanceof RequestError ? error.code : '';
  const key = Object.hasOwn(refusals, code) ? refusals[code] : undefined;
  return key ? t(key) : errorText(error, t);
}
