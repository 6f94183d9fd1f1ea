import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { X } from 'lucide-react';
import type { PartyDetail } from '../../shared/api/schemas.ts';
import { partyTile } from '../../shared/party.ts';
import { investigateValue } from '../state/investigate-link.ts';
import { useT } from '../state/use-t.ts';
import { Panel } from '../ui/Panel.tsx';
import { revealHidden, Untrusted } from '../ui/Untrusted.tsx';
import { AccountLife } from './AccountLife.tsx';
import { AccountTable } from './AccountTable.tsx';
import { FailedReading, ReadAge, useAnswerState } from './AnswerState.tsx';
import { ReconciliationFacts } from './ReconciliationFacts.tsx';
import { usePartyDetail } from './use-parties.ts';
import styles from './PartyDetails.module.css';

/** One party with its accounts, what the register says of them, and their history. Escape closes it. */
export function PartyDetails(props: { readonly id: string; readonly onClose: () => void }) {
  const { id, onClose } = props;
  const { t } = useT();
  const query = usePartyDetail(id);
  const detail = query.data;
  const answer = useAnswerState(query, t('parties.detail.notFound'));
  const root = useRef<HTMLElement>(null);
  const name = detail?.party?.name ?? revealHidden(id.slice(0, 200));
  useEffect(() => {
    root.current?.focus({ preventScroll: true });
  }, []);
  return (
    <aside
      ref={root}
      tabIndex={-1}
      className={styles.details}
      aria-label={t('parties.detail.label', { name })}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <Panel
        title={<Title id={id} detail={detail} />}
        state={answer.state}
        staleText={answer.staleText}
        className={styles.panel}
        bodyClassName={styles.body}
        aside={
          <>
            {detail && <ReadAge at={query.dataUpdatedAt} />}
            <Link href={investigateValue('organization.id', id)}>{t('parties.detail.investigate')}</Link>
            <button
              type="button"
              className={styles.close}
              aria-label={t('parties.detail.close')}
              title={t('parties.detail.close')}
              aria-keyshortcuts="Escape"
              onClick={onClose}
            >
              <X size={16} aria-hidden="true" />
            </button>
          </>
        }
      >
        <FailedReading query={query} />
        {detail && (
          <div className={styles.columns}>
            <AccountTable detail={detail} />
            <div className={styles.side}>
              <ReconciliationFacts detail={detail} />
              <AccountLife detail={detail} />
            </div>
          </div>
        )}
      </Panel>
    </aside>
  );
}

function Title(props: { readonly id: string; readonly detail: PartyDetail | undefined }) {
  const { id, detail } = props;
  const { t } = useT();
  const party = detail?.party ?? null;
  if (!party)
    return (
      <>
        <Untrusted text={id} />
        {detail && <small className={styles.note}>{t('parties.detail.stranger')}</small>}
      </>
    );
  return (
    <>
      <strong className={styles.tile}>{partyTile(party)}</strong> {party.name}
      <small className={styles.note}>{t('parties.detail.since', { day: party.expectedSince })}</small>
    </>
  );
}
