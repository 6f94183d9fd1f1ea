import { isAuditAction } from '../../shared/audit-actions.ts';
import type { Translator } from '../../shared/i18n/translate.ts';

/** The act in words; `null` when there are none for it, as of an older Siaga. */
export const actionWords = (action: string, t: Translator['t']): string | null =>
  isAuditAction(action) ? t(`audit.action.${action}`) : null;
