import { useCopied } from '../investigate/use-copied.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import styles from './Users.module.css';

/** A one-time password, shown until it is closed and never again. */
export function OneTimePassword(props: {
  readonly name: string;
  readonly password: string;
  readonly onClose: () => void;
}) {
  const { name, password, onClose } = props;
  const { t } = useT();
  const [copied, copy] = useCopied();
  return (
    <div className={styles.oneTime} role="status">
      <p>
        <strong>{t('users.oneTime', { name })}</strong> <code>{password}</code>
      </p>
      <p>{t('users.oneTime.hint')}</p>
      <div className={styles.buttons}>
        <Button onClick={() => copy(password)}>
          {t(copied ? 'factor.codes.copied' : 'users.oneTime.copy')}
        </Button>
        <Button onClick={onClose}>{t('users.close')}</Button>
      </div>
    </div>
  );
}
