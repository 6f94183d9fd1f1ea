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
  if (error instanceof RequestError && error.status === 401) return t('signIn.refused');
  if (error instanceof RequestError && error.status === 429) return t('signIn.tooMany');
  return errorText(error, t);
}

/** The only screen without a session. */
export function SignIn() {
  const { t } = useT();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const errorId = useId();

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    const form = event.currentTarget;
    const values = new FormData(form);
    setBusy(true);
    setError(null);
    try {
      await signIn(queries, formText(values, 'name').trim(), formText(values, 'password'));
    } catch (failure) {
      setError(failure);
      form.querySelector<HTMLInputElement>('[name=password]')?.select();
    } finally {
      setBusy(false);
    }
  };

  return (
    <EntryCard title={t('signIn.title')} intro={t('signIn.subtitle')}>
      <form onSubmit={(event) => void submit(event)} aria-describedby={error ? errorId : undefined}>
        <Field label={t('signIn.name')} name="name" autoComplete="username" autoFocus />
        <Field label={t('signIn.password')} name="password" type="password" autoComplete="current-password" />
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
