import type { FormEvent } from 'react';
import type { Enrolment } from '../../shared/api/sessions.ts';
import { Field } from '../app/Field.tsx';
import { formText } from '../app/form-text.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import styles from './Account.module.css';
import { factorText } from './factor-text.ts';
import { QrCode } from './QrCode.tsx';

/** The secret in groups of four, as it is typed. */
export const inGroups = (secret: string): string => secret.match(/.{1,4}/g)?.join(' ') ?? '';

/** Shows the new secret, and asks for a code of it. */
export function ConfirmForm(props: {
  readonly enrolment: Enrolment;
  readonly busy: boolean;
  readonly error: Error | null;
  readonly cancelText: string;
  readonly onCode: (code: string) => void;
  readonly onCancel: () => void;
}) {
  const { enrolment, busy, error, cancelText, onCode, onCancel } = props;
  const { t } = useT();
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (!busy) onCode(formText(new FormData(event.currentTarget), 'code').replaceAll(/\s/g, ''));
  };
  return (
    <form onSubmit={submit}>
      <p>{t('factor.scan')}</p>
      <QrCode text={enrolment.uri} label={t('factor.qr')} />
      <p className={styles.secret}>
        <span>{t('factor.secret')}</span>
        <code data-secret="">{inGroups(enrolment.secret)}</code>
      </p>
      <Field
        label={t('factor.confirm.code')}
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={10}
        autoFocus
      />
      {error && <p role="alert">{factorText(error, t)}</p>}
      <Button type="submit" tone="primary" aria-busy={busy}>
        {t(busy ? 'signIn.busy' : 'factor.confirm')}
      </Button>
      <Button tone="quiet" onClick={onCancel}>
        {cancelText}
      </Button>
    </form>
  );
}
