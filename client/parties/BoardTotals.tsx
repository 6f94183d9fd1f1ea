import type { PartyList } from '../../shared/api/schemas.ts';
import { useT } from '../state/use-t.ts';
import { OffMark } from './OffMark.tsx';
import styles from './BoardTotals.module.css';

/** The three numbers that decide: national, Aceh, and who is not in the register. */
export function BoardTotals(props: { readonly list: PartyList | undefined }) {
  const { list } = props;
  const { t } = useT();
  return (
    <span className={styles.totals}>
      <span className={styles.title}>{t('parties.title')}</span>
      {list && (
        <>
          <Total label={t('parties.national')} {...list.national} />
          <Total label={t('parties.aceh')} {...list.aceh} />
          {list.strangers.length > 0 && (
            <span className={styles.off}>
              <OffMark />
              {t('parties.strangers.count', { count: list.strangers.length })}
            </span>
          )}
        </>
      )}
    </span>
  );
}

function Total(props: { readonly label: string; readonly registered: number; readonly present: number }) {
  const { label, registered, present } = props;
  if (registered === 0) return null;
  return (
    <span className={present < registered ? styles.off : styles.total}>
      {label}{' '}
      <strong>
        {present}/{registered}
      </strong>
      {present < registered && <OffMark />}
    </span>
  );
}
