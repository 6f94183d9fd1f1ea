import { useCopied } from '../investigate/use-copied.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import styles from './Account.module.css';

/** Recovery codes, shown once; goes on when the person says that they are kept. */
export function RecoveryCodes(props: { readonly codes: readonly string[]; readonly onKept: () => void }) {
  const { codes, onKept } = props;
  const { t } = useT();
  const [copied, copy] = useCopied();
  return (
    <div className={styles.step}>
      <h2>{t('factor.codes.title')}</h2>
      <p>{t('factor.codes.intro')}</p>
      <ul className={styles.codes}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className={styles.buttons}>
        <Button onClick={() => copy(codes.join('\n'))}>
          {t(copied ? 'factor.codes.copied' : 'factor.codes.copy')}
        </Button>
        <Button tone="primary" onClick={onKept} data-kept="">
          {t('factor.codes.kept')}
        </Button>
      </div>
    </div>
  );
}
