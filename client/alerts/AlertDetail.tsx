import { errorText } from '../api/error-text.ts';
import { RequestError } from '../api/request.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { AlertActions } from './AlertActions.tsx';
import styles from './AlertDetail.module.css';
import { AlertFacts } from './AlertFacts.tsx';
import { AlertGuide, Section } from './AlertGuide.tsx';
import { AlertHeading } from './AlertHeading.tsx';
import { AlertHistory } from './AlertHistory.tsx';
import { useAlertDetail } from './use-alert-actions.ts';

interface DetailProps {
  readonly id: string;
  /** Whether the form to close it is shown. */
  readonly closing: boolean;
  readonly onClosing: (closing: boolean) => void;
  /** Closes the panel; left out where the alert is the page. */
  readonly onDismiss?: () => void;
}

/** One alert with what is known, what to do, and who did what. */
export function AlertDetail(props: DetailProps) {
  const { id, closing, onClosing, onDismiss } = props;
  const { t, language } = useT();
  const { query, alert } = useAlertDetail(id);

  if (!alert) {
    return <Waiting error={query.error} onRetry={() => void query.refetch()} onDismiss={onDismiss} />;
  }
  return (
    <article className={styles.detail} aria-label={alert.rule.title[language]}>
      <AlertHeading alert={alert} onDismiss={onDismiss} />
      <AlertActions alert={alert} closing={closing} onClosing={onClosing} page={onDismiss === undefined} />
      {query.error && (
        <p className={styles.error} role="alert">
          {errorText(query.error, t)}
        </p>
      )}
      <div className={styles.scroll}>
        <AlertFacts alert={alert} />
        <AlertGuide alert={alert} detail={query.data} />
        <Section title={t('alert.history')}>
          <AlertHistory history={query.data?.history ?? null} />
        </Section>
      </div>
    </article>
  );
}

function Waiting(props: {
  readonly error: Error | null;
  readonly onRetry: () => void;
  readonly onDismiss: (() => void) | undefined;
}) {
  const { error, onRetry, onDismiss } = props;
  const { t } = useT();
  const missing = error instanceof RequestError && error.status === 404;
  return (
    <div className={styles.waiting} role={error ? 'alert' : 'status'}>
      {!error && <p>{t('panel.loading')}</p>}
      {error && <p>{missing ? t('alert.notFound') : errorText(error, t)}</p>}
      {error && !missing && <Button onClick={onRetry}>{t('error.retry')}</Button>}
      {onDismiss && <Button onClick={onDismiss}>{t('alert.dismiss')}</Button>}
    </div>
  );
}
