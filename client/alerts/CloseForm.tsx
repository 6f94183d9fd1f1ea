import { useId, useState, type FormEvent } from 'react';
import { verdicts, type Verdict } from '../../shared/alert.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import styles from './AlertDetail.module.css';

const leastReason = 3;
const mostReason = 2_000;

/** Asks for the verdict and the reason; neither may be left out. */
export function CloseForm(props: {
  readonly busy: boolean;
  readonly onSubmit: (verdict: Verdict, reason: string) => void;
  readonly onCancel: () => void;
}) {
  const { busy, onSubmit, onCancel } = props;
  const { t } = useT();
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const id = useId();
  const short = reason.trim().length < leastReason;

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (!busy && verdict && !short) onSubmit(verdict, reason.trim());
  };

  return (
    <form
      className={styles.close}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onCancel();
      }}
      noValidate
    >
      <fieldset>
        <legend>{t('alert.verdict')}</legend>
        {verdicts.map((each, index) => (
          <label key={each}>
            <input
              type="radio"
              name={`${id}-verdict`}
              checked={verdict === each}
              autoFocus={index === 0}
              onChange={() => setVerdict(each)}
            />
            {t(`alert.verdict.${each}`)}
          </label>
        ))}
      </fieldset>
      <label htmlFor={id}>
        {t('alert.reason')} <small>{t('alert.reason.hint')}</small>
      </label>
      <textarea
        id={id}
        rows={3}
        maxLength={mostReason}
        value={reason}
        aria-invalid={tried && short}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {tried && !verdict && <p role="alert">{t('alert.verdict.needed')}</p>}
      {tried && short && <p role="alert">{t('alert.reason.needed')}</p>}
      <div className={styles.buttons}>
        <Button type="submit" tone="primary" aria-busy={busy}>
          {t('alert.close.submit')}
        </Button>
        <Button tone="quiet" onClick={onCancel}>
          {t('alert.close.cancel')}
        </Button>
      </div>
    </form>
  );
}
