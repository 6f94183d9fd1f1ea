import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ChevronDown } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { errorText } from '../api/error-text.ts';
import { signOut, useGrants, useUser } from '../state/session.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { Untrusted } from '../ui/Untrusted.tsx';
import { administration } from './administration.ts';
import { useDisclosure } from './use-disclosure.ts';
import styles from './UserMenu.module.css';

/** Who is signed in, what they administer, and the ways out. */
export function UserMenu(props: { readonly onChangePassword: () => void }) {
  const { t } = useT();
  const user = useUser();
  const grants = useGrants();
  const [path] = useLocation();
  const queries = useQueryClient();
  const id = useId();
  const { isOpen, host, toggle, close } = useDisclosure();
  const leave = useMutation({ mutationFn: () => signOut(queries) });
  const administered = administration.filter(({ permission }) => grants[permission] !== undefined);
  const isHere = path === '/account' || administered.some(({ href }) => href === path);

  return (
    <div ref={host} className={styles.host}>
      <Button
        tone="quiet"
        className={isHere ? styles.here : undefined}
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        aria-label={t('user.menu', { name: user.name })}
        onClick={toggle}
      >
        <Untrusted text={user.name} className={styles.name} />
        <ChevronDown size={14} aria-hidden="true" />
      </Button>
      {isOpen && (
        <div id={id} className={styles.menu}>
          {administered.length > 0 && (
            <nav className={styles.group} aria-labelledby={`${id}-title`}>
              <h2 id={`${id}-title`} className={styles.title}>
                {t('user.administration')}
              </h2>
              {administered.map(({ href, label }) => (
                <MenuLink key={href} href={href} isHere={href === path} onClick={close}>
                  {t(label)}
                </MenuLink>
              ))}
            </nav>
          )}
          <div className={styles.group}>
            <p className={styles.title}>{t(`role.${user.role}`)}</p>
            <MenuLink href="/account" isHere={path === '/account'} onClick={close}>
              {t('user.account')}
            </MenuLink>
            <Button tone="quiet" onClick={props.onChangePassword}>
              {t('user.changePassword')}
            </Button>
            <Button tone="quiet" onClick={() => leave.mutate()}>
              {t('user.signOut')}
            </Button>
            {leave.error && <p role="alert">{errorText(leave.error, t)}</p>}
          </div>
        </div>
      )}
    </div>
  );
}

function MenuLink(props: {
  readonly href: string;
  readonly isHere: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}) {
  const { href, isHere, onClick, children } = props;
  return (
    <Link href={href} aria-current={isHere ? 'page' : undefined} onClick={onClick}>
      {children}
    </Link>
  );
}
