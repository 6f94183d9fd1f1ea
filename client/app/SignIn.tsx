import { useQueryClient } from '@tanstack/react-query';
import { useId, useState, type FormEvent } from 'react';
import { errorText } from '../api/error-text.ts';
import { RequestError } from '../api/request.ts';
import type { Translator } from '../../shared/i18n/translate.ts';
import { signIn } from '../state/session.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { EntryCard } from './EntryCard.tsx';
import { ExternalSignIn } from './ExternalSignIn.tsx';
import { Field } from './Field.tsx';
import { formText } from './form-text.ts';

function signInError(error: unknown, t: Translator['t']): string {
  if (error instanceof RequestError && error.code === 'wrong-code') return t('signIn.code.refused');
  if (error instanceof RequestError && error.status === 401) return t('signIn.refused');
  if (error instanceof RequestError && error.status === 429) return t('signIn.tooMany');
  return errorText(error, t);
}

/** The only screen without a session. */
export function SignIn() {
  const { t } = useT();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [needsCode, setNeedsCode] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const errorId = useId();
  const hintId = useId();

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    const form = event.currentTarget;
    const values = new FormData(form);
    setBusy(true);
    setError(null);
    try {
      const given = { name: formText(values, 'name').trim(), password: formText(values, 'password') };
      const code = formText(values, 'code').trim();
      await signIn(queries, needsCode ? { ...given, code } : given);
    } catch (failure) {
      const refusal = failure instanceof RequestError ? failure.code : '';
      if (refusal === 'code-required') return setNeedsCode(true);
      setError(failure);
      if (refusal === 'wrong-credentials') setNeedsCode(false);
      const wrong = refusal === 'wrong-code' ? 'code' : 'password';
      form.querySelector<HTMLInputElement>(`[name=${wrong}]`)?.select();
    } finally {
      setBusy(false);
    }
  };

  return (
    <EntryCard title={t('signIn.title')} intro={t('signIn.subtitle')}>
      <form onSubmit={(event) => void submit(event)} aria-describedby={error ? errorId : undefined}>
        <Field label={t('signIn.name')} name="name" autoComplete="username" autoFocus />
        <Field label={t('signIn.password')} name="password" type="password" autoComplete="current-password" />
        {needsCode && (
          <>
            <Field
              label={t('signIn.code')}
              name="code"
              autoComplete="one-time-code"
              maxLength={64}
              aria-describedby={hintId}
              autoFocus
            />
            <p id={hintId}>{t('signIn.code.hint')}</p>
          </>
        )}
        {error !== null && (
          <p id={errorId} role="alert">
            {signInError(error, t)}
          </p>
        )}
        <Button type="submit" tone="primary" aria-busy={busy}>
          {t(busy ? 'signIn.busy' : 'signIn.submit')}
        </Button>
      </form>
      <ExternalSignIn />
    </EntryCard>
  );
}
