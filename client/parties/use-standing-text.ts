import { useT } from '../state/use-t.ts';
import type { BoardRow } from './party-rows.ts';

type Standing = Pick<BoardRow, 'standing' | 'missing' | 'unknown'>;

/** Words for how a party stands to the register: `cocok`, `kurang 1 · asing 2`. */
export function useStandingText(): (row: Standing) => string {
  const { t } = useT();
  return ({ standing, missing, unknown }) => {
    if (standing === 'absent') return t('parties.absent');
    if (standing === 'early') return t('parties.notDue');
    if (standing === 'stranger') return t('parties.strangers');
    const parts = [
      ...(missing > 0 ? [t('parties.missing.count', { count: missing })] : []),
      ...(unknown > 0 ? [t('parties.unknown.count', { count: unknown })] : []),
    ];
    return parts.length > 0 ? parts.join(' · ') : t(`parties.verdict.${standing}`);
  };
}
