import { Link } from 'wouter';
import type { Alert } from '../../shared/alert.ts';
import { errorText } from '../api/error-text.ts';
import { usePreference } from '../state/preferences-context.tsx';
import { useMay } from '../state/session.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { revealHidden, Untrusted } from '../ui/Untrusted.tsx';
import { investigateAlert } from './alert-link.ts';
import styles from './AlertDetail.module.css';
import { CloseForm } from './CloseForm.tsx';
import { useAlertAction } from './use-alert-actions.ts';

interface ActionsProps {
  readonly alert: Alert;
  /** Whether the form to close it is shown. */
  readonly closing: boolean;
  readonly onClosing: (closing: boolean) => void;
  /** Whether the alert is the page, so that no link to it is needed. */
  readonly page: boolean;
}

/** The steps that a person may take; nothing changes before the server said yes. */
export function AlertActions(props: ActionsProps) {
  const { alert, page, closing, onClosing } = props;
  const { t } = useT();
  const refused = useMay('alerts:act') ? null : t('alert.viewer');
  const action = useAlertAction();
  const closed = alert.closed;
  const busy = action.isPending;

  return (
    <div className={styles.actions}>
      <div className={styles.buttons}>
        <StepButtons
          alert={alert}
          refused={refused}
          keys={!page}
          closing={closing}
          onClosing={onClosing}
          act={(kind) => action.mutate({ kind, id: alert.id })}
        />
        <Link className={styles.link} href={investigateAlert(alert)}>
          {t('alert.investigate')}
        </Link>
        {!page && (
          <Link className={styles.link} href={`/alerts/${encodeURIComponent(alert.id)}`}>
            {t('alert.page')}
          </Link>
        )}
      </div>
      {refused && <p className={styles.muted}>{refused}</p>}
      {closed && <ClosedNote closed={closed} />}
      {closing && !closed && !refused && (
        <CloseForm
          key={alert.id}
          busy={busy}
          onCancel={() => onClosing(false)}
          onSubmit={(verdict, reason) =>
            action.mutate(
              { kind: 'close', id: alert.id, verdict, reason },
              { onSuccess: () => onClosing(false) },
            )
          }
        />
      )}
      {action.error && (
        <p className={styles.error} role="alert">
          {errorText(action.error, t)}
        </p>
      )}
    </div>
  );
}

function StepButtons(props: {
  readonly alert: Alert;
  readonly refused: string | null;
  /** Whether the queue beside it takes the keys that are shown. */
  readonly keys: boolean;
  readonly closing: boolean;
  readonly onClosing: (closing: boolean) => void;
  readonly act: (kind: 'acknowledge' | 'reopen') => void;
}) {
  const { alert, refused, keys, closing, onClosing, act } = props;
  const { t } = useT();
  if (alert.closed) {
    return (
      <Button refused={refused} onClick={() => act('reopen')}>
        {t('alert.reopen')}
      </Button>
    );
  }
  return (
    <>
      {alert.acknowledged === null && (
        <Button
          tone="primary"
          refused={refused}
          aria-keyshortcuts={keys ? 'e' : undefined}
          onClick={() => act('acknowledge')}
        >
          {t('alert.acknowledge')}
          {keys && <kbd>e</kbd>}
        </Button>
      )}
      <Button
        refused={refused}
        aria-expanded={closing}
        aria-keyshortcuts={keys ? 'c' : undefined}
        onClick={() => onClosing(!closing)}
      >
        {t('alert.close')}
        {keys && <kbd>c</kbd>}
      </Button>
    </>
  );
}

function ClosedNote(props: { readonly closed: NonNullable<Alert['closed']> }) {
  const { by, at, verdict, reason } = props.closed;
  const { t, formatDateTime } = useT();
  const zone = usePreference('zone');
  return (
    <p className={styles.closed}>
      {t('alert.closedBy', { by: revealHidden(by), verdict: t(`alert.verdict.${verdict}`) })}
      {' · '}
      {formatDateTime(at, zone)} {zone}
      <Untrusted text={reason} />
    </p>
  );
}
