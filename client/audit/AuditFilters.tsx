import { useState, type FormEvent } from 'react';
import { auditOutcomes } from '../../shared/api/audit.ts';
import { auditActions } from '../../shared/audit-actions.ts';
import { useGrants, useUser } from '../state/session.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { revealHidden } from '../ui/Untrusted.tsx';
import { actionWords } from './action-words.ts';
import styles from './AuditPage.module.css';
import { auditFilters, type AuditFilter, type AuditView } from './url-state.ts';

type Filters = AuditView['filters'];

/** Narrows the list by actor, act, agency and outcome, each as a whole; who sees one agency only chooses none. */
export function AuditFilters(props: {
  readonly filters: Filters;
  readonly onFilters: (filters: Filters) => void;
}) {
  const { filters, onFilters } = props;
  const { t } = useT();
  const { agency } = useUser();
  const seesAll = useGrants()['audit:read'] === 'all';
  const [typed, setTyped] = useState<Filters>(filters);
  const put = (name: AuditFilter, value: string): void =>
    setTyped((before) => ({ ...before, [name]: value }));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onFilters(Object.fromEntries(Object.entries(typed).filter(([, value]) => value.trim() !== '')));
  };
  return (
    <form className={styles.filters} aria-label={t('audit.filter')} onSubmit={submit}>
      {auditFilters.map((name) =>
        name === 'agency' && !seesAll ? null : (
          <label key={name}>
            <span>{t(`audit.filter.${name}`)}</span>
            <FilterField name={name} value={typed[name] ?? ''} onValue={(value) => put(name, value)} />
          </label>
        ),
      )}
      <Button type="submit">{t('audit.filter.apply')}</Button>
      {Object.keys(filters).length > 0 && (
        <Button tone="quiet" onClick={() => onFilters({})}>
          {t('audit.filter.clear')}
        </Button>
      )}
      {!seesAll && <span className={styles.own}>{t('audit.own', { agency })}</span>}
    </form>
  );
}

interface FieldProps {
  readonly name: AuditFilter;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

function FilterField({ name, value, onValue }: FieldProps) {
  const choices = useChoices(name, value);
  const { t } = useT();
  if (choices === null)
    return (
      <input
        value={value}
        onChange={(event) => onValue(event.target.value)}
        maxLength={500}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
      />
    );
  return (
    <select value={value} onChange={(event) => onValue(event.target.value)}>
      <option value="">{t('audit.filter.all')}</option>
      {choices.map(({ code, words }) => (
        <option key={code} value={code}>
          {words}
        </option>
      ))}
    </select>
  );
}

/** What may be chosen, in words and in their order; `null` where it is typed. An act of an older Siaga stays a choice. */
function useChoices(
  name: AuditFilter,
  value: string,
): readonly { readonly code: string; readonly words: string }[] | null {
  const { t } = useT();
  if (name === 'outcome') return auditOutcomes.map((code) => ({ code, words: t(`audit.outcome.${code}`) }));
  if (name !== 'action') return null;
  const acts = new Set<string>(value === '' ? auditActions : [...auditActions, value]);
  return [...acts]
    .map((code) => ({ code, words: actionWords(code, t) ?? revealHidden(code) }))
    .toSorted((a, b) => a.words.localeCompare(b.words));
}
