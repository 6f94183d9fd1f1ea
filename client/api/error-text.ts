import type { Translator } from '../../shared/i18n/translate.ts';
import { RequestError } from './request.ts';

/** What went wrong with a request, for people, in their language. */
export function errorText(error: unknown, t: Translator['t']): string {
  if (!(error instanceof RequestError)) return t('error.answer');
  if (error.failure === 'network') return t('error.network');
  if (error.failure === 'signed-out') return t('error.signedOut');
  if (error.failure === 'answer') return t('error.answer');
  if (error.code === 'personal-data') return t('personal.refused');
  if (error.status === 403) return t('error.forbidden');
  if (error.status === 404) return t('error.notFound');
  return t('error.server', { code: error.code });
}
