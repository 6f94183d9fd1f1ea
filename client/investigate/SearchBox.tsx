import { Search } from 'lucide-react';
import { useId, useState, type KeyboardEvent } from 'react';
import type { FieldName } from '../../shared/event/fields.ts';
import { maxFilters } from '../../shared/query/event-query.ts';
import { useMay } from '../state/session.ts';
import { useT } from '../state/use-t.ts';
import { readTyped, suggestFields, takeSuggestion } from './search-input.ts';
import type { Investigation } from './use-investigation.ts';
import styles from './SearchBox.module.css';

/** Longest text that may be searched for; the server refuses more. */
const maxTyped = 500;

/** One box for both: text of the raw line, and `field:value` with suggestions of field names. */
export function SearchBox(props: { readonly investigation: Investigation }) {
  const { state, addFilter, change } = props.investigation;
  const { t } = useT();
  const hint = useMay('personal:read') ? 'investigate.search.hint' : 'personal.search.hint';
  const id = useId();
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(-1);
  const [open, setOpen] = useState(false);
  const suggestions = open ? suggestFields(typed) : [];
  const full = state.filters.length >= maxFilters;

  const type = (text: string): void => {
    setTyped(text);
    setActive(-1);
    setOpen(true);
  };
  const submit = (): void => {
    const search = readTyped(typed);
    if (search.kind === 'filter') {
      if (full) return;
      addFilter(search.filter);
    } else if (search.text !== '') change({ text: search.text, selected: null });
    type('');
  };
  const step = (by: number): void => {
    const count = suggestions.length;
    if (count > 0) setActive((active + by + (active < 0 && by < 0 ? 1 : 0) + count) % count);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const field = suggestions[active];
    if (event.key === 'ArrowDown') step(1);
    else if (event.key === 'ArrowUp') step(-1);
    else if (event.key === 'Escape' && suggestions.length > 0) setOpen(false);
    else if ((event.key === 'Enter' || event.key === 'Tab') && field) type(takeSuggestion(typed, field));
    else if (event.key === 'Enter') submit();
    else return;
    event.preventDefault();
  };

  return (
    <div className={styles.host}>
      <Search size={15} aria-hidden="true" />
      <input
        type="text"
        role="combobox"
        aria-label={t('investigate.search')}
        aria-expanded={suggestions.length > 0}
        aria-controls={`${id}list`}
        aria-autocomplete="list"
        aria-activedescendant={active >= 0 ? `${id}${active}` : undefined}
        aria-keyshortcuts="/"
        placeholder={t(hint)}
        autoComplete="off"
        spellCheck={false}
        maxLength={maxTyped}
        value={typed}
        onChange={(event) => type(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onBlur={() => setOpen(false)}
      />
      {full && <span className={styles.full}>{t('investigate.search.full', { max: maxFilters })}</span>}
      <Suggestions
        id={id}
        fields={suggestions}
        active={active}
        onTake={(field) => type(takeSuggestion(typed, field))}
      />
    </div>
  );
}

function Suggestions(props: {
  readonly id: string;
  readonly fields: readonly FieldName[];
  readonly active: number;
  readonly onTake: (field: FieldName) => void;
}) {
  const { id, fields, active, onTake } = props;
  const { t } = useT();
  return (
    <ul
      id={`${id}list`}
      role="listbox"
      aria-label={t('investigate.search.suggestions')}
      className={styles.list}
      hidden={fields.length === 0}
    >
      {fields.map((field, index) => (
        <li
          key={field}
          id={`${id}${index}`}
          role="option"
          aria-selected={index === active}
          // Pressed, not clicked: a click would come after the box has lost the focus and the list is gone.
          onPointerDown={(event) => {
            event.preventDefault();
            onTake(field);
          }}
        >
          {field}
        </li>
      ))}
    </ul>
  );
}
