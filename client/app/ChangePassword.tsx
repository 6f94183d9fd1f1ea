import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { sessionSchema } from '../../shared/api/schemas.ts';
import type { MessageKey } from '../../shared/i18n/catalogue.ts';
import type { Translator } from '../../shared/i18n/translate.ts';
import { errorText } from '../api/error-text.ts';
import { RequestError, sendJson } from '../api/request.ts';
import { sessionKey, signOut } from '../state/session.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { EntryCard } from './EntryCard.tsx';
import { Field } from './Field.tsx';
import { formText } from './form-text.ts';

const leastLength = 12;

/** What is wrong with the three inputs, `null` when nothing is. */
export function passwordProblem(current: string, next: string, again: string): MessageKey | null {
  if (next.length < leastLength) return 'password.short';
  if (next === current) return 'password.same';
  return next === again ? null : 'password.different';
}

const refusals: Readonly<Record<string, MessageKey>> = {
  'wrong-password': 'password.refused',
  'weak-password': 'password.weak',
  'local-password': 'password.local',
  'leaked-password': 'password.leaked',
  'rate-limited': 'signIn.tooMany',
};

function refusalText(error: unknown, t: Translator['t']): string {
  const code = error instanceof RequestError ? error.code : '';
  const key = Object.hasOwn(refusals, code) ? refusals[code] : undefined;
  return key ? t(key) : errorText(error, t);
}

/** Replaces the password; `forced` before the first use, with signing out as the only other way. */
export function ChangePassword(props: { readonly forced?: boolean; readonly onDone?: () => void }) {
  const { forced = false, onDone } = props;
  const { t } = useT();
  const queries = useQueryClient();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    const values = new FormData(event.currentTarget);
    const current = formText(values, 'current');
    const next = formText(values, 'next');
    const wrong = passwordProblem(current, next, formText(values, 'again'));
    setProblem(wrong && t(wrong));
    if (wrong) return;
    setBusy(true);
    try {
      const session = await sendJson('POST', '/api/session/password', { current, next }, sessionSchema);
      queries.setQueryData(sessionKey, session);
      onDone?.();
    } catch (error) {
      setProblem(refusalText(error, t));
    } finally {
      setBusy(false);
    }
  };

  const cancel = async (): Promise<void> => {
    if (!forced) return onDone?.();
    await signOut(queries).catch((error: unknown) => setProblem(errorText(error, t)));
  };

  return (
    <EntryCard
      title={t(forced ? 'password.title' : 'password.titleOwn')}
      intro={forced ? t('password.intro') : ''}
    >
      <form onSubmit={(event) => void submit(event)}>
        <Field
          label={t('password.current')}
          name="current"
          type="password"
          autoComplete="current-password"
          autoFocus
        />
        <Field label={t('password.next')} name="next" type="password" autoComplete="new-password" />
        <Field label={t('password.again')} name="again" type="password" autoComplete="new-password" />
        {problem && <p role="alert">{problem}</p>}
        <Button type="submit" tone="primary" aria-busy={busy}>
          {t(busy ? 'signIn.busy' : 'password.submit')}
        </Button>
        <Button tone="quiet" onClick={() => void cancel()}>
          {t(forced ? 'user.signOut' : 'password.cancel')}
        </Button>
      </form>
    </EntryCard>
  );
}
