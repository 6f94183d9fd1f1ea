import { useId } from 'react';
import type { UserDirectory } from '../../shared/api/schemas.ts';
import { roles, type Role } from '../../shared/role.ts';
import { useT } from '../state/use-t.ts';
import styles from './Users.module.css';

/** The two choices that decide what a user may; named `role` and `agency` in their form. */
export function RoleAndAgency(props: {
  readonly agencies: UserDirectory['agencies'];
  readonly role: Role;
  readonly agency: string | undefined;
}) {
  const { agencies, role, agency } = props;
  const { t } = useT();
  const id = useId();
  // One that the configuration names no more stays until another is chosen.
  const gone = agency !== undefined && agencies.every((each) => each.id !== agency);
  return (
    <>
      <div className={styles.field}>
        <label htmlFor={`${id}-role`}>{t('users.role')}</label>
        <select id={`${id}-role`} name="role" defaultValue={role}>
          {roles.map((each) => (
            <option key={each} value={each}>
              {t(`role.${each}`)}
            </option>
          ))}
        </select>
      </div>
      <div className={styles.field}>
        <label htmlFor={`${id}-agency`}>{t('users.agency')}</label>
        <select id={`${id}-agency`} name="agency" defaultValue={agency}>
          {gone && <option value={agency}>{agency}</option>}
          {agencies.map((each) => (
            <option key={each.id} value={each.id}>
              {each.id} · {each.name}
            </option>
          ))}
        </select>
      </div>
    </>
  );
}

/** What the form says, as the API takes it. */
export function roleAndAgencyOf(values: FormData): { readonly role: Role; readonly agency: string } {
  const role = roles.find((each) => each === values.get('role')) ?? 'viewer';
  const agency = values.get('agency');
  return { role, agency: typeof agency === 'string' ? agency : '' };
}
