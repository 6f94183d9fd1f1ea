import { useId, type FormEvent } from 'react';
import type { UserDirectory } from '../../shared/api/schemas.ts';
import { formText } from '../app/form-text.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { Panel } from '../ui/Panel.tsx';
import { actText } from './act-text.ts';
import { RoleAndAgency, roleAndAgencyOf } from './RoleAndAgency.tsx';
import styles from './Users.module.css';
import type { UserActs } from './use-users.ts';

/** Asks who may sign in from now on. */
export function AddUser(props: {
  readonly agencies: UserDirectory['agencies'];
  readonly acts: UserActs;
  readonly onAdded: () => void;
  readonly onCancel: () => void;
}) {
  const { agencies, acts, onAdded, onCancel } = props;
  const { t } = useT();
  const id = useId();
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (acts.isPending) return;
    const values = new FormData(event.currentTarget);
    const user = { name: formText(values, 'name').trim(), ...roleAndAgencyOf(values) };
    acts.mutate({ kind: 'create', user }, { onSuccess: onAdded });
  };
  return (
    <Panel title={t('users.add')}>
      <form className={styles.form} onSubmit={submit}>
        <div className={styles.field}>
          <label htmlFor={id}>{t('users.name')}</label>
          <input
            id={id}
            name="name"
            required
            minLength={2}
            maxLength={40}
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            aria-describedby={`${id}-hint`}
            autoFocus
          />
          <small id={`${id}-hint`}>{t('users.name.hint')}</small>
        </div>
        <RoleAndAgency agencies={agencies} role="viewer" agency={agencies[0]?.id} />
        <div className={styles.buttons}>
          <Button type="submit" tone="primary" aria-busy={acts.isPending}>
            {t('users.add.submit')}
          </Button>
          <Button tone="quiet" onClick={onCancel}>
            {t('password.cancel')}
          </Button>
        </div>
        {acts.error && (
          <p role="alert" className={styles.alert}>
            {actText(acts.error, t)}
          </p>
        )}
      </form>
    </Panel>
  );
}
