import { useState, type FormEvent } from 'react';
import type { User, UserDirectory } from '../../shared/api/schemas.ts';
import { useMay, useUser } from '../state/session.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { Panel } from '../ui/Panel.tsx';
import { Untrusted } from '../ui/Untrusted.tsx';
import { actText } from './act-text.ts';
import { RoleAndAgency, roleAndAgencyOf } from './RoleAndAgency.tsx';
import styles from './Users.module.css';
import { UserSessions } from './UserSessions.tsx';
import type { UserActs } from './use-users.ts';

/** One user: role and agency, password, second factor, sessions. */
export function UserDetail(props: {
  readonly user: User;
  readonly agencies: UserDirectory['agencies'];
  readonly acts: UserActs;
  readonly onClose: () => void;
}) {
  const { user, agencies, acts, onClose } = props;
  const { t } = useT();
  const mayManage = useMay('users:manage');
  const mayEndSessions = useMay('sessions:manage');
  const close = <Button onClick={onClose}>{t('users.close')}</Button>;
  return (
    <>
      <Panel title={<Untrusted text={user.name} />} aside={close}>
        {mayManage && <Management user={user} agencies={agencies} acts={acts} />}
        {acts.error && acts.variables.kind !== 'create' && (
          <p role="alert" className={styles.alert}>
            {actText(acts.error, t)}
          </p>
        )}
      </Panel>
      {mayEndSessions && <UserSessions name={user.name} />}
    </>
  );
}

function Management(props: {
  readonly user: User;
  readonly agencies: UserDirectory['agencies'];
  readonly acts: UserActs;
}) {
  const { user, agencies, acts } = props;
  const { name, disabled, secondFactor } = user;
  const { t } = useT();
  const self = useUser().name === name;
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const changes = roleAndAgencyOf(new FormData(event.currentTarget));
    if (!acts.isPending) acts.mutate({ kind: 'update', name, changes });
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <RoleAndAgency agencies={agencies} role={user.role} agency={user.agency} />
      <div className={styles.buttons}>
        <Button type="submit" tone="primary" aria-busy={acts.isPending}>
          {t('users.save')}
        </Button>
        <SureButton
          text={t(disabled ? 'users.enable' : 'users.disable')}
          onSure={() => acts.mutate({ kind: 'update', name, changes: { disabled: !disabled } })}
        />
        <SureButton
          text={t('users.resetPassword')}
          onSure={() => acts.mutate({ kind: 'reset-password', name })}
        />
        {secondFactor && !self && (
          <SureButton
            text={t('users.resetFactor')}
            onSure={() => acts.mutate({ kind: 'reset-factor', name })}
          />
        )}
      </div>
    </form>
  );
}

/** Does it at the second click only; leaving it takes the first one back. */
function SureButton(props: { readonly text: string; readonly onSure: () => void }) {
  const { text, onSure } = props;
  const { t } = useT();
  const [asked, setAsked] = useState(false);
  return (
    <Button
      onBlur={() => setAsked(false)}
      onClick={() => {
        setAsked(!asked);
        if (asked) onSure();
      }}
    >
      {asked ? t('users.sure') : text}
    </Button>
  );
}
