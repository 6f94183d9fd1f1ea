import { X } from 'lucide-react';
import type { Alert } from '../../shared/alert.ts';
import { useEachSecond } from '../state/feed-context.tsx';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { SeverityGlyph } from '../ui/SeverityGlyph.tsx';
import { Untrusted } from '../ui/Untrusted.tsx';
import styles from './AlertDetail.module.css';
import { isUnseen } from './queue-order.ts';

/** What it is, how bad, where it stands, and whose it is. */
export function AlertHeading(props: { readonly alert: Alert; readonly onDismiss: (() => void) | undefined }) {
  const { alert, onDismiss } = props;
  const { t, language, formatAge } = useT();
  const age = useEachSecond((now) => formatAge(now - alert.createdAt));
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
          <strong>{t(`severity.${alert.severity}`)}</strong> · {t(`alert.status.${alert.status}`)} · {age} ·{' '}
          {alert.owner ? <Untrusted text={alert.owner} /> : t('alerts.nobody')}
        </p>
      </div>
      {onDismiss && (
        <Button
          tone="quiet"
          onClick={onDismiss}
          title={`${t('alert.dismiss')} (Esc)`}
          aria-label={t('alert.dismiss')}
        >
          <X size={18} aria-hidden="true" />
        </Button>
      )}
    </header>
  );
}
