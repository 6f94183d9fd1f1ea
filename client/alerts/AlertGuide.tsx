import type { ReactNode } from 'react';
import type { Alert } from '../../shared/alert.ts';
import type { AlertDetail } from '../../shared/api/schemas.ts';
import { useT } from '../state/use-t.ts';
import { Untrusted } from '../ui/Untrusted.tsx';
import styles from './AlertDetail.module.css';

/** Steps of a response, one a line, without the numbers that they were written with. */
export function stepsOf(response: string): string[] {
  return response
    .split('\n')
    .map((line) => line.replace(/^\s*(?:\d+[.)]|[-*•])\s*/, '').trim())
    .filter((line) => line !== '');
}

/** A titled part of an alert. */
export function Section(props: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={styles.section}>
      <h3>{props.title}</h3>
      <div>{props.children}</div>
    </section>
  );
}

/** Why the rule spoke, what to do first, and what else it may mean. */
export function AlertGuide(props: { readonly alert: Alert; readonly detail: AlertDetail | undefined }) {
  const { alert, detail } = props;
  const { t, language } = useT();
  const falsePositives = detail?.falsePositives[language] ?? [];
  return (
    <>
      <Section title={t('alert.why')}>
        {detail?.description && <p className={styles.prose}>{detail.description[language]}</p>}
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
      <Steps detail={detail} />
      {falsePositives.length > 0 && (
        <Section title={t('alert.falsePositives')}>
          <ul className={styles.bullets}>
            {falsePositives.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

function Steps(props: { readonly detail: AlertDetail | undefined }) {
  const { detail } = props;
  const { t, language } = useT();
  const steps = stepsOf(detail?.response?.[language] ?? '');
  return (
    <Section title={t('alert.steps')}>
      {steps.length > 0 ? (
        <ol className={styles.steps}>
          {steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      ) : (
        <p className={styles.muted}>{t(detail ? 'alert.steps.none' : 'panel.loading')}</p>
      )}
    </Section>
  );
}
