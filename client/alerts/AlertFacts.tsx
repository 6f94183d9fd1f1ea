import { Link } from 'wouter';
import type { Alert } from '../../shared/alert.ts';
import { isFieldName } from '../../shared/event/fields.ts';
import { investigateValue } from '../state/investigate-link.ts';
import { usePreference } from '../state/preferences-context.tsx';
import { useT } from '../state/use-t.ts';
import { Untrusted } from '../ui/Untrusted.tsx';
import styles from './AlertDetail.module.css';
import { AlertImpact } from './AlertImpact.tsx';

/** Who, where, when and how often. */
export function AlertFacts(props: { readonly alert: Alert }) {
  const { alert } = props;
  const { t, formatDateTime, formatNumber } = useT();
  const zone = usePreference('zone');
  return (
    <dl className={styles.facts}>
      {Object.entries(alert.key).map(([field, value]) => (
        <div key={field}>
          <dt>
            <Untrusted text={field} />
          </dt>
          <dd>
            {isFieldName(field) ? (
              <Link href={investigateValue(field, value)}>
                <Untrusted text={value} />
              </Link>
            ) : (
              <Untrusted text={value} />
            )}
          </dd>
        </div>
      ))}
      <div>
        <dt>{t('alert.impact')}</dt>
        <dd>
          <AlertImpact alert={alert} />
        </dd>
      </div>
      <div>
        <dt>{t('alert.first')}</dt>
        <dd>
          {formatDateTime(alert.firstSeen, zone)} {zone}
        </dd>
      </div>
      <div>
        <dt>{t('alert.last')}</dt>
        <dd>
          {formatDateTime(alert.lastSeen, zone)} {zone}
        </dd>
      </div>
      <div>
        <dt>{t('alert.evidence.label')}</dt>
        <dd>
          {t('alert.evidence', {
            events: formatNumber(alert.count),
            detections: formatNumber(alert.detections),
          })}
        </dd>
      </div>
    </dl>
  );
}
