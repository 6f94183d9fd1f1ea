import { useCopied } from '../investigate/use-copied.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { QrCode } from './QrCode.tsx';
import styles from './WallsPage.module.css';

/** The address of a new wall, as text to copy and as a QR code; it can be shown now only. */
export function WallAddress(props: {
  readonly name: string;
  readonly address: string;
  readonly onDone: () => void;
}) {
  const { name, address, onDone } = props;
  const { t } = useT();
  const [copied, copy] = useCopied();
  return (
    <section className={styles.address} aria-label={t('walls.address', { name })}>
      <div>
        <h2>{t('walls.address', { name })}</h2>
        <p>{t('walls.address.once')}</p>
        <code>{address}</code>
        <div className={styles.buttons}>
          <Button tone="primary" onClick={() => copy(address)}>
            {t('tokens.copy')}
          </Button>
          <Button onClick={onDone}>{t('walls.done')}</Button>
          {copied !== null && (
            <span role="status">{t(copied ? 'investigate.copied' : 'investigate.copyFailed')}</span>
          )}
        </div>
      </div>
      <QrCode text={address} label={t('walls.address.qr')} />
    </section>
  );
}
