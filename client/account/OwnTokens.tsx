import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { tokenScopes, type TokenScope } from '../../shared/authority.ts';
import {
  apiTokenListSchema,
  createdTokenSchema,
  type ApiToken,
  type CreateToken,
} from '../../shared/api/tokens.ts';
import type { Translator } from '../../shared/i18n/translate.ts';
import { errorText } from '../api/error-text.ts';
import { getJson, RequestError, sendJson } from '../api/request.ts';
import { Field } from '../app/Field.tsx';
import { formText } from '../app/form-text.ts';
import { useCopied } from '../investigate/use-copied.ts';
import { usePreference } from '../state/preferences-context.tsx';
import { useGrants } from '../state/session.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { Panel } from '../ui/Panel.tsx';
import { Untrusted } from '../ui/Untrusted.tsx';
import styles from './OwnTokens.module.css';

const tokensKey = ['own-tokens'] as const;
const usualDays = 90;

function createError(error: unknown, t: Translator['t']): string {
  if (error instanceof RequestError && error.status === 400)
    return t('walls.invalid', { message: error.message });
  if (error instanceof RequestError && error.code === 'limit-reached') return t('walls.limit');
  return errorText(error, t);
}

/** One's own API tokens: those in force, and new ones, each shown once. */
export function OwnTokens() {
  const { t } = useT();
  const queries = useQueryClient();
  const again = () => void queries.invalidateQueries({ queryKey: tokensKey });
  const [shown, setShown] = useState<{ name: string; secret: string } | null>(null);
  const query = useQuery({
    queryKey: tokensKey,
    queryFn: ({ signal }) => getJson('/api/tokens', apiTokenListSchema, signal),
  });
  const create = useMutation({
    mutationFn: (wish: CreateToken) => sendJson('POST', '/api/tokens', wish, createdTokenSchema),
    // The answer holds the secret; it is not to stay in the cache.
    gcTime: 0,
    onSuccess: ({ token, secret }) => {
      setShown({ name: token.name, secret });
      create.reset();
      again();
    },
  });
  const tokens = query.data?.tokens ?? [];
  return (
    <Panel title={t('tokens.title')} bodyClassName={styles.body}>
      <p className={styles.intro}>{t('tokens.intro')}</p>
      {shown && <ShownOnce {...shown} onDone={() => setShown(null)} />}
      {query.error && <p role="alert">{errorText(query.error, t)}</p>}
      {query.data && tokens.length === 0 && <p className={styles.intro}>{t('tokens.none')}</p>}
      <ul className={styles.list}>
        {tokens.map((token) => (
          <TokenItem key={token.id} token={token} onRevoked={again} />
        ))}
      </ul>
      <NewToken
        busy={create.isPending}
        error={create.error ? createError(create.error, t) : null}
        onCreate={create.mutate}
      />
    </Panel>
  );
}

function ShownOnce(props: { readonly name: string; readonly secret: string; readonly onDone: () => void }) {
  const { name, secret, onDone } = props;
  const { t } = useT();
  const [copied, copy] = useCopied();
  return (
    <div className={styles.once} role="group" aria-label={t('tokens.once', { name })}>
      <p>{t('tokens.once', { name })}</p>
      <code>{secret}</code>
      <div className={styles.buttons}>
        <Button tone="primary" onClick={() => copy(secret)}>
          {t('tokens.copy')}
        </Button>
        <Button onClick={onDone}>{t('walls.done')}</Button>
        {copied !== null && (
          <span role="status">{t(copied ? 'investigate.copied' : 'investigate.copyFailed')}</span>
        )}
      </div>
    </div>
  );
}

function TokenItem(props: { readonly token: ApiToken; readonly onRevoked: () => void }) {
  const { token, onRevoked } = props;
  const { t, formatDateTime } = useT();
  const zone = usePreference('zone');
  const revoke = useMutation({
    mutationFn: () => sendJson('DELETE', `/api/tokens/${encodeURIComponent(token.id)}`, undefined, null),
    onSettled: onRevoked,
  });
  return (
    <li>
      <div>
        <Untrusted text={token.name} className={styles.name} />
        <p>{token.scopes.map((scope) => t(`tokens.scope.${scope}`)).join(', ')}</p>
        <p>
          {t('walls.column.expires')} {formatDateTime(token.expiresAt, zone)} · {t('walls.column.used')}{' '}
          {token.usedAt === null ? t('walls.never') : formatDateTime(token.usedAt, zone)}
        </p>
        {revoke.error && <p role="alert">{errorText(revoke.error, t)}</p>}
      </div>
      <Button
        aria-label={t('walls.revoke.named', { name: token.name })}
        aria-busy={revoke.isPending}
        onClick={() => revoke.mutate()}
      >
        {t('walls.revoke')}
      </Button>
    </li>
  );
}

function NewToken(props: {
  readonly busy: boolean;
  readonly error: string | null;
  readonly onCreate: (wish: CreateToken) => void;
}) {
  const { busy, error, onCreate } = props;
  const { t } = useT();
  const grants = useGrants();
  const offered = tokenScopes.filter((scope) => grants[scope] !== undefined);
  const [scopes, setScopes] = useState<readonly TokenScope[]>([]);
  const [tried, setTried] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    setTried(true);
    const values = new FormData(event.currentTarget);
    if (busy || scopes.length === 0) return;
    onCreate({
      name: formText(values, 'name').trim(),
      scopes: [...scopes],
      expiresInDays: Number(formText(values, 'days')),
    });
  };
  return (
    <form className={styles.form} onSubmit={submit} aria-label={t('tokens.create')}>
      <Field label={t('tokens.name')} name="name" maxLength={60} autoComplete="off" />
      <fieldset>
        <legend>{t('tokens.scopes')}</legend>
        {offered.map((scope) => (
          <label key={scope}>
            <input
              type="checkbox"
              checked={scopes.includes(scope)}
              onChange={({ currentTarget }) =>
                setScopes(
                  currentTarget.checked ? [...scopes, scope] : scopes.filter((other) => other !== scope),
                )
              }
            />
            {t(`tokens.scope.${scope}`)}
          </label>
        ))}
      </fieldset>
      <Field label={t('tokens.days')} name="days" type="number" min={1} max={365} defaultValue={usualDays} />
      {tried && scopes.length === 0 && <p role="alert">{t('tokens.scopes.needed')}</p>}
      {error !== null && <p role="alert">{error}</p>}
      <Button type="submit" tone="primary" aria-busy={busy}>
        {t('tokens.create')}
      </Button>
    </form>
  );
}
