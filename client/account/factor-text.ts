import type { MessageKey } from '../../shared/i18n/catalogue.ts';
import type { Translator } from '../../shared/i18n/translate.ts';
import { errorText } from '../api/error-text.ts';
import { RequestError } from '../api/request.ts';

const refusals: Readonly<Record<string, MessageKey>> = {
  'wrong-password': 'password.refused',
  'code-refused': 'factor.refused.code',
  'not-enrolling': 'factor.refused.late',
  'second-factor-required': 'factor.required',
  'rate-limited': 'signIn.tooMany',
};

/** Why a step with the second factor was refused. */
export function factorText(error: unknown, t: Translator['t']): string {
  const code = error instanceof RequestError ? error.code : '';
  const key = Object.hasOwn(refusals, code) ? refusals[code] : undefined;
  return key ? t(key) : errorText(error, t);
}
