import type { FormEvent } from 'react';
import { Field } from '../app/Field.tsx';
import { formText } from '../app/form-text.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { factorText } from './factor-text.ts';

/** What is asked for before anything about the second factor changes. */
export interface Proof {
  readonly current: string;
  readonly code?: string;
}

/** Asks for the password once more, and for a code where there is a second factor. */
export function ProofForm(props: {
  readonly needsCode: boolean;
  readonly busy: boolean;
  readonly error: Error | null;
  readonly cancelText: string;
  readonly onProof: (proof: Proof) => void;
  readonly onCancel: () => void;
}) {
  const { needsCode, busy, error, cancelText, onProof, onCancel } = props;
  const { t } = useT();
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (busy) return;
    const values = new FormData(event.currentTarget);
    const current = formText(values, 'current');
    onProof(needsCode ? { current, code: formText(values, 'code').trim() } : { current });
  };
  return (
    <form onSubmit={submit}>
      <Field
        label={t('password.current')}
        name="current"
        type="password"
        autoComplete="current-password"
        autoFocus
      />
      {needsCode && (
        <Field label={t('factor.proof.code')} name="code" autoComplete="one-time-code" maxLength={64} />
      )}
      {error && <p role="alert">{factorText(error, t)}</p>}
      <Button type="submit" tone="primary" aria-busy={busy}>
        {t(busy ? 'signIn.busy' : 'factor.next')}
      </Button>
      <Button tone="quiet" onClick={onCancel}>
        {cancelText}
      </Button>
    </form>
  );
}
