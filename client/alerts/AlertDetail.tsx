import { X } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import type { Alert } from '../../shared/alert.ts';
import { errorText } from '../api/error-text.ts';
import { RequestError } from '../api/request.ts';
import { useServerNow } from '../state/feed-context.tsx';
import { investigateRange } from '../state/investigate-link.ts';
import { usePreference } from '../state/preferences-context.tsx';
import { useMay } from '../state/session.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { SeverityGlyph } from '../ui/SeverityGlyph.tsx';
import { Untrusted } from '../ui/Untrusted.tsx';
import styles from './AlertDetail.module.css';
import { AlertFacts } from './AlertFacts.tsx';
import { AlertHistory } from './AlertHistory.tsx';
import { CloseForm } from './CloseForm.tsx';
import { isUnseen } from './queue-order.ts';
import { useAlertAction, useAlertDetail } from './use-alert-actions.ts';

interface DetailProps {
  readonly id: string;
  /** Shows the form to close it from the start. */
  readonly closing?: boolean;
  /** Closes the panel; left out where the alert is the page. */
  readonly onDismiss?: () => void;
}

/** One alert with what is known, what to do, and who did what. */
export function AlertDetail(props: DetailProps) {
  const { id, onDismiss } = props;
  const { t, language } = useT();
  const { query, alert } = useAlertDetail(id);

  if (!alert) {
    const missing = query.error instanceof RequestError && query.error.status === 404;
    return (
      <div className={styles.waiting} role={query.error ? 'alert' : 'status'}>
        <p>
          {query.error
            ? missing
              ? t('alert.notFound')
              : errorText(query.error, t)
            : t('panel.loading')}
        </p>
        {query.error && !missing && (
          <Button onClick={() => void query.refetch()}>{t('error.retry')}</Button>
        )}
        {onDismiss && <Button onClick={onDismiss}>{t('alert.dismiss')}</Button>}
      </div>
    );
  }
  const detail = query.data;
  const steps = detail?.response?.[language].split('\n').filter((line) => line.trim() !== '') ?? [];
  return (
    <article className={styles.detail} aria-label={alert.rule.title[language]}>
      <Heading alert={alert} onDismiss={onDismiss} />
      <Actions alert={alert} closing={props.closing ?? false} page={onDismiss === undefined} />
      {query.error && (
        <p className={styles.error} role="alert">
          {errorText(query.error, t)}
        </p>
      )}
      <div className={styles.scroll}>
        <AlertFacts alert={alert} />
        <Section title={t('alert.why')}>
          {detail?.description && <p className={styles.prose}>{detail.description}</p>}
          <p className={styles.rule}>
            {t('alert.rule')} <Untrusted text={alert.rule.id} />
          </p>
          {alert.rule.tags.length > 0 && (
            <p className={styles.tags}>
              {alert.rule.tags.map((tag) => (
                <Untrusted key={tag} text={tag} />
              ))}
            </p>
          )}
        </Section>
        <Section title={t('alert.steps')}>
          {steps.length > 0 ? (
            <ol className={styles.steps}>
              {steps.map((step) => (
                <li key={step}>{step.replace(/^\s*(?:\d+[.)]|[-*•])\s*/, '')}</li>
              ))}
            </ol>
          ) : (
            <p className={styles.muted}>{t(detail ? 'alert.steps.none' : 'panel.loading')}</p>
          )}
        </Section>
        {detail && detail.falsePositives.length > 0 && (
          <Section title={t('alert.falsePositives')}>
            <ul className={styles.bullets}>
              {detail.falsePositives.map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
          </Section>
        )}
        <Section title={t('alert.history')}>
          <AlertHistory history={detail?.history ?? null} />
        </Section>
      </div>
    </article>
  );
}

function Section(props: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={styles.section}>
      <h3>{props.title}</h3>
      <div>{props.children}</div>
    </section>
  );
}

function Heading(props: { readonly alert: Alert; readonly onDismiss: (() => void) | undefined }) {
  const { alert, onDismiss } = props;
  const { t, language, formatAge } = useT();
  const now = useServerNow();
  return (
    <header className={styles.heading}>
      <SeverityGlyph
        severity={alert.severity}
        size={30}
        pulse={alert.severity === 'critical' && isUnseen(alert)}
      />
      <div className={styles.title}>
        <h2>{alert.rule.title[language]}</h2>
        <p>
          <strong>{t(`severity.${alert.severity}`)}</strong> · {t(`alert.status.${alert.status}`)} ·{' '}
          {formatAge(now - alert.createdAt)} ·{' '}
          {alert.owner ? <Untrusted text={alert.owner} /> : t('alerts.nobody')}
        </p>
      </div>
      {onDismiss && (
        <Button tone="quiet" onClick={onDismiss} title={`${t('alert.dismiss')} (Esc)`} aria-label={t('alert.dismiss')}>
          <X size={18} aria-hidden="true" />
        </Button>
      )}
    </header>
  );
}

const aroundMs = 5 * 60_000;

function Actions(props: { readonly alert: Alert; readonly closing: boolean; readonly page: boolean }) {
  const { alert, page } = props;
  const { t, formatDateTime } = useT();
  const zone = usePreference('zone');
  const refused = useMay('analyst') ? null : t('alert.viewer');
  const action = useAlertAction();
  const [closing, setClosing] = useState(props.closing);
  useEffect(() => setClosing(props.closing), [props.closing, alert.id]);
  const closed = alert.closed;
  const busy = action.isPending;

  return (
    <div className={styles.actions}>
      <div className={styles.buttons}>
        {closed ? (
          <Button
            refused={refused}
            disabled={busy}
            onClick={() => action.mutate({ kind: 'reopen', id: alert.id })}
          >
            {t('alert.reopen')}
          </Button>
        ) : (
          <>
            {alert.acknowledged === null && (
              <Button
                tone="primary"
                refused={refused}
                disabled={busy}
                onClick={() => action.mutate({ kind: 'acknowledge', id: alert.id })}
              >
                {t('alert.acknowledge')} <kbd>e</kbd>
              </Button>
            )}
            <Button refused={refused} aria-expanded={closing} onClick={() => setClosing(!closing)}>
              {t('alert.close')} <kbd>c</kbd>
            </Button>
          </>
        )}
        <Link
          className={styles.link}
          href={investigateRange(alert.firstSeen - aroundMs, alert.lastSeen + aroundMs, alert.key)}
        >
          {t('alert.investigate')}
        </Link>
        {!page && (
          <Link className={styles.link} href={`/alerts/${encodeURIComponent(alert.id)}`}>
            {t('alert.page')}
          </Link>
        )}
      </div>
      {refused && <p className={styles.muted}>{refused}</p>}
      {closed && (
        <p className={styles.closed}>
          {t('alert.closedBy', { by: closed.by, verdict: t(`alert.verdict.${closed.verdict}`) })}
          {' · '}
          {formatDateTime(closed.at, zone)} {zone}
          <Untrusted text={closed.reason} />
        </p>
      )}
      {closing && !closed && !refused && (
        <CloseForm
          key={alert.id}
          busy={busy}
          onCancel={() => setClosing(false)}
          onSubmit={(verdict, reason) =>
            action.mutate(
              { kind: 'close', id: alert.id, verdict, reason },
              { onSuccess: () => setClosing(false) },
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
