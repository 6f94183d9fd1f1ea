import { useId, useState, type FormEvent } from 'react';
import { wallDetails, type CreateWall } from '../../shared/api/tokens.ts';
import type { Translator } from '../../shared/i18n/translate.ts';
import { errorText } from '../api/error-text.ts';
import { RequestError } from '../api/request.ts';
import { Field } from '../app/Field.tsx';
import { formText } from '../app/form-text.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { farness, leastDiagonal } from '../wall/wall-detail.ts';
import styles from './WallsPage.module.css';

const usual = { diagonalInch: 55, distanceM: 5 };

function wishOf(values: FormData): CreateWall {
  const until = formText(values, 'expires');
  return {
    name: formText(values, 'name').trim(),
    diagonalInch: Number(formText(values, 'diagonal')),
    distanceM: Number(formText(values, 'distance')),
    detail: wallDetails.find((detail) => detail === formText(values, 'detail')) ?? 'figures',
    network: formText(values, 'network')
      .split(/[\s,]+/)
      .filter((network) => network !== ''),
    expiresAt: until === '' ? null : new Date(until).getTime(),
  };
}

function createError(error: unknown, t: Translator['t']): string {
  if (error instanceof RequestError && error.status === 400)
    return t('walls.invalid', { message: error.message });
  if (error instanceof RequestError && error.code === 'limit-reached') return t('walls.limit');
  return errorText(error, t);
}

/** The form for a new wall. */
export function NewWall(props: {
  readonly busy: boolean;
  readonly error: Error | null;
  readonly onCreate: (wish: CreateWall) => void;
}) {
  const { busy, error, onCreate } = props;
  const { t } = useT();
  const id = useId();
  const [size, setSize] = useState(usual);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (!busy) onCreate(wishOf(new FormData(event.currentTarget)));
  };
  return (
    <form className={styles.form} onSubmit={submit} aria-label={t('walls.new')}>
      <Field label={t('walls.name')} name="name" maxLength={60} autoComplete="off" />
      <Field
        label={t('walls.diagonal')}
        name="diagonal"
        type="number"
        min={10}
        max={400}
        step="any"
        value={size.diagonalInch}
        onChange={({ currentTarget }) => setSize({ ...size, diagonalInch: Number(currentTarget.value) })}
      />
      <Field
        label={t('walls.distance')}
        name="distance"
        type="number"
        min={0.5}
        max={60}
        step="any"
        value={size.distanceM}
        onChange={({ currentTarget }) => setSize({ ...size, distanceM: Number(currentTarget.value) })}
      />
      {size.diagonalInch > 0 && farness(size) > 1.05 && (
        <p className={styles.hint}>
          {t('walls.tooSmall', { distance: size.distanceM, inch: leastDiagonal(size.distanceM) })}
        </p>
      )}
      <div className={styles.choice}>
        <label htmlFor={id}>{t('walls.detail')}</label>
        <select id={id} name="detail" defaultValue="titles">
          {wallDetails.map((detail) => (
            <option key={detail} value={detail}>
              {t(`walls.detail.${detail}`)}
            </option>
          ))}
        </select>
      </div>
      <Field label={t('walls.network')} name="network" required={false} autoComplete="off" />
      <Field label={t('walls.expires')} name="expires" type="datetime-local" required={false} />
      {error && <p role="alert">{createError(error, t)}</p>}
      <Button type="submit" tone="primary" aria-busy={busy}>
        {t('walls.create')}
      </Button>
    </form>
  );
}
