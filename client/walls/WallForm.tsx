import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { wallDetails, type WallSettings } from '../../shared/api/tokens.ts';
import type { Translator } from '../../shared/i18n/translate.ts';
import { errorText } from '../api/error-text.ts';
import { RequestError } from '../api/request.ts';
import { Field } from '../app/Field.tsx';
import { formText } from '../app/form-text.ts';
import { useT } from '../state/use-t.ts';
import { farness, leastDiagonal } from '../wall/wall-detail.ts';
import styles from './WallsPage.module.css';

/** What a wall is called and set to. */
export type WallValues = WallSettings & { readonly name: string };

function valuesOf(values: FormData): WallValues {
  return {
    name: formText(values, 'name').trim(),
    diagonalInch: Number(formText(values, 'diagonal')),
    distanceM: Number(formText(values, 'distance')),
    detail: wallDetails.find((detail) => detail === formText(values, 'detail')) ?? 'figures',
    network: formText(values, 'network')
      .split(/[\s,]+/)
      .filter((network) => network !== ''),
  };
}

function refusalText(error: unknown, t: Translator['t']): string {
  if (error instanceof RequestError && error.status === 400)
    return t('walls.invalid', { message: error.message });
  if (error instanceof RequestError && error.code === 'limit-reached') return t('walls.limit');
  return errorText(error, t);
}

/** A form for a wall, filled with `values`; `children` are further fields and the buttons. */
export function WallForm(props: {
  readonly label: string;
  readonly values: WallValues;
  readonly busy: boolean;
  readonly error: Error | null;
  readonly onSubmit: (values: WallValues, all: FormData) => void;
  readonly children: ReactNode;
}) {
  const { label, values, busy, error, onSubmit } = props;
  const { t } = useT();
  const id = useId();
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const all = new FormData(event.currentTarget);
    if (!busy) onSubmit(valuesOf(all), all);
  };
  return (
    <form className={styles.form} onSubmit={submit} aria-label={label}>
      <Field
        label={t('walls.name')}
        name="name"
        maxLength={60}
        autoComplete="off"
        defaultValue={values.name}
      />
      <Size values={values} />
      <div className={styles.choice}>
        <label htmlFor={id}>{t('walls.detail')}</label>
        <select id={id} name="detail" defaultValue={values.detail}>
          {wallDetails.map((detail) => (
            <option key={detail} value={detail}>
              {t(`walls.detail.${detail}`)}
            </option>
          ))}
        </select>
      </div>
      <Field
        label={t('walls.network')}
        name="network"
        required={false}
        autoComplete="off"
        placeholder={t('walls.network.example')}
        defaultValue={values.network.join(', ')}
      />
      {props.children}
      {error && (
        <p role="alert" className={styles.error}>
          {refusalText(error, t)}
        </p>
      )}
    </form>
  );
}

/** Diagonal and distance, and what comes of it when the screen is too small for it. */
function Size(props: { readonly values: WallValues }) {
  const { t, formatNumber } = useT();
  const [size, setSize] = useState(props.values);
  return (
    <>
      <div className={styles.pair}>
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
      </div>
      {size.diagonalInch > 0 && farness(size) > 1.05 && (
        <p className={styles.hint}>
          {t('walls.tooSmall', {
            distance: formatNumber(size.distanceM),
            inch: formatNumber(leastDiagonal(size.distanceM)),
          })}
        </p>
      )}
    </>
  );
}
