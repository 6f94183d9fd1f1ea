import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ChevronDown } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { errorText } from '../api/error-text.ts';
import { signOut, useUser } from '../state/session.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { Untrusted } from '../ui/Untrusted.tsx';
import styles from './UserMenu.module.css';

/** Who is signed in, and the ways out. */
export function UserMenu(props: { readonly onChangePassword: () => void }) {
  const { t } = useT();
  const user = useUser();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const host = useRef<HTMLDivElement>(null);
  const leave = useMutation({ mutationFn: () => signOut(queries) });

  useEffect(() => {
    if (!open) return undefined;
    const outside = (event: PointerEvent): void => {
      if (event.target instanceof Node && !host.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);

  return (
    <div
      ref={host}
      className={styles.host}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setOpen(false);
      }}
    >
      <Button
        tone="quiet"
        aria-expanded={open}
        aria-label={t('user.menu', { name: user.name })}
        onClick={() => setOpen(!open)}
      >
        <Untrusted text={user.name} className={styles.name} />
        <ChevronDown size={14} aria-hidden="true" />
      </Button>
      {open && (
        <div className={styles.menu}>
          <p className={styles.role}>{t(`role.${user.role}`)}</p>
          <Link href="/account" onClick={() => setOpen(false)}>
            {t('user.account')}
          </Link>
          <Button tone="quiet" onClick={props.onChangePassword}>
            {t('user.changePassword')}
          </Button>
          <Button tone="quiet" onClick={() => leave.mutate()}>
            {t('user.signOut')}
          </Button>
          {leave.error && <p role="alert">{errorText(leave.error, t)}</p>}
        </div>
      )}
    </div>
  );
}
