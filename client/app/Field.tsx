import { useId, type InputHTMLAttributes } from 'react';
import styles from './EntryCard.module.css';

/** A required input with its label above. */
export function Field(
  props: InputHTMLAttributes<HTMLInputElement> & { readonly label: string; readonly name: string },
) {
  const { label, ...input } = props;
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input id={id} required maxLength={256} autoCapitalize="none" spellCheck={false} {...input} />
    </div>
  );
}
