import { useEffect, useState } from 'react';
import type { User, UserDirectory } from '../../shared/api/schemas.ts';
import { errorText } from '../api/error-text.ts';
import { usePreference } from '../state/preferences-context.tsx';
import { useMay } from '../state/session.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { Page } from '../ui/Page.tsx';
import { Panel, type PanelState } from '../ui/Panel.tsx';
import { Untrusted } from '../ui/Untrusted.tsx';
import { AddUser } from './AddUser.tsx';
import { OneTimePassword } from './OneTimePassword.tsx';
import { UserDetail } from './UserDetail.tsx';
import styles from './Users.module.css';
import { useUserActs, useUsers, type OneTime, type UserActs } from './use-users.ts';

/** Who may sign in, and what an administrator does with them. */
export default function UsersPage() {
  const { t } = useT();
  const query = useUsers();
  const [oneTime, setOneTime] = useState<OneTime | null>(null);
  const acts = useUserActs(setOneTime);
  const mayManage = useMay('users:manage');
  const [adding, setAdding] = useState(false);
  const stopAdding = (): void => setAdding(false);
  useEffect(() => {
    document.title = `${t('users.title')} · Siaga`;
  }, [t]);

  const beginAdding = (): void => {
    acts.reset();
    setAdding(true);
  };
  const { users = [], agencies = [] } = query.data ?? {};
  const state: PanelState = query.error
    ? { kind: 'error', text: errorText(query.error, t), retry: () => void query.refetch() }
    : { kind: query.data ? 'ready' : 'loading' };
  return (
    <Page
      title={t('users.title')}
      aside={mayManage && !adding && <Button onClick={beginAdding}>{t('users.add')}</Button>}
    >
      {oneTime && <OneTimePassword {...oneTime} onClose={() => setOneTime(null)} />}
      {adding && <AddUser agencies={agencies} acts={acts} onAdded={stopAdding} onCancel={stopAdding} />}
      <Directory users={users} agencies={agencies} acts={acts} state={state} />
    </Page>
  );
}

function Directory(props: UserDirectory & { readonly acts: UserActs; readonly state: PanelState }) {
  const { users, agencies, acts, state } = props;
  const { t } = useT();
  const mayManage = useMay('users:manage');
  const mayEndSessions = useMay('sessions:manage');
  const [selected, setSelected] = useState<string | null>(null);
  const user = users.find(({ name }) => name === selected);
  return (
    <>
      <Panel title={t('users.title')} state={state}>
        <UserTable
          users={users}
          selected={selected}
          onSelect={mayManage || mayEndSessions ? setSelected : null}
        />
      </Panel>
      {user && (
        <UserDetail
          key={user.name}
          user={user}
          agencies={agencies}
          acts={acts}
          onClose={() => setSelected(null)}
        />
      )}
    </>
  );
}

function UserTable(props: {
  readonly users: readonly User[];
  readonly selected: string | null;
  readonly onSelect: ((name: string) => void) | null;
}) {
  const { users, selected, onSelect } = props;
  const { t, formatDateTime } = useT();
  const zone = usePreference('zone');
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('users.name')}</th>
            <th scope="col">{t('users.role')}</th>
            <th scope="col">{t('users.agency')}</th>
            <th scope="col">{t('users.factor')}</th>
            <th scope="col">
              {t('users.lastSignIn')} ({zone})
            </th>
            <th scope="col">{t('users.state')}</th>
          </tr>
        </thead>
        <tbody>
          {users.map(({ name, role, agency, secondFactor, lastSignIn, disabled }) => (
            <tr key={name} data-selected={name === selected ? '' : undefined}>
              <th scope="row">
                {onSelect ? (
                  <button type="button" aria-pressed={name === selected} onClick={() => onSelect(name)}>
                    <Untrusted text={name} />
                  </button>
                ) : (
                  <Untrusted text={name} />
                )}
              </th>
              <td>{t(`role.${role}`)}</td>
              <td>{agency}</td>
              <td>{t(secondFactor ? 'users.factor.yes' : 'users.factor.no')}</td>
              <td>{lastSignIn === null ? t('users.never') : formatDateTime(lastSignIn, zone)}</td>
              <td>{t(disabled ? 'users.state.disabled' : 'users.state.active')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
