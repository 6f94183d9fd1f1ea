import { useDataAge } from '../state/feed-context.tsx';
import { useT } from '../state/use-t.ts';
import styles from './Age.module.css';

/** From this age on the data's age is shown inverse. */
export const agingMs = 3_000;

/** `data 2 d`: the age of the newest frame, inverse with a clock once over 3 s. */
export function Age(props: { readonly className?: string | undefined }) {
  const { t, formatAge } = useT();
  const age = useDataAge();
  const aging = age === null || age > agingMs;
  return (
    <span className={`${aging ? styles.aging : ''} ${props.className ?? ''}`}>
      {aging && (
        <svg className={styles.clock} viewBox="0 0 16 16" aria-hidden="true">
          <path d="M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM8 4v4.2l2.8 1.8" />
        </svg>
      )}
      {age === null ? t('data.none') : t('data.age', { age: formatAge(age) })}
    </span>
  );
}
