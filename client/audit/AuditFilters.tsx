import { useState, type FormEvent } from 'react';
import { auditOutcomes } from '../../shared/api/audit.ts';
import { auditActions } from '../../shared/audit-actions.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { actionWords } from './action-words.ts';
import styles from './AuditPage.module.css';
import { auditFilters, type AuditFilter, type AuditView } from './url-state.ts';

type Filters = AuditView['filters'];

/** Narrows the list by actor, act, agency and outcome, each as a whole. */
export function AuditFilters(props: {
  readonly filters: Filters;
  readonly onFilters: (filters: Filters) => void;
}) {
  const { filters, onFilters } = props;
  const { t } = useT();
  const [typed, setTyped] = useState<Filters>(filters);
  const put = (name: AuditFilter, value: string): void =>
    setTyped((before) => ({ ...before, [name]: value }));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onFilters(Object.fromEntries(Object.entries(typed).filter(([, value]) => value.trim() !== '')));
  };
  return (
    <form className={styles.filters} aria-label={t('audit.filter')} onSubmit={submit}>
      {auditFilters.map((name) => (
        <label key={name}>
          <span>{t(`audit.filter.${name}`)}</span>
          {name === 'outcome' ? (
            <select value={typed.outcome ?? ''} onChange={(event) => put(name, event.target.value)}>
              <option value="">{t('audit.filter.all')}</option>
              {auditOutcomes.map((outcome) => (
                <option key={outcome} value={outcome}>
                  {t(`audit.outcome.${outcome}`)}
                </option>
              ))}
            </select>
          ) : (
            <input
              value={typed[name] ?? ''}
              onChange={(event) => put(name, event.target.value)}
              maxLength={500}
              autoCapitalize="none"
              autoComplete="off"
              spellCheck={false}
              {...(name === 'action' && { list: 'audit-actions', placeholder: 'alert:closed' })}
            />
          )}
        </label>
      ))}
      <datalist id="audit-actions">
        {auditActions.map((action) => (
          <option key={action} value={action}>
            {actionWords(action, t)}
          </option>
        ))}
      </datalist>
      <Button type="submit">{t('audit.filter.apply')}</Button>
      {Object.keys(filters).length > 0 && (
        <Button tone="quiet" onClick={() => onFilters({})}>
          {t('audit.filter.clear')}
        </Button>
      )}
    </form>
  );
}
