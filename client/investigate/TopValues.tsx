import { EllipsisVertical } from 'lucide-react';
import type { FieldName } from '../../shared/event/fields.ts';
import { partyTile } from '../../shared/party.ts';
import { errorText } from '../api/error-text.ts';
import { useFeed } from '../state/feed-context.tsx';
import { useT } from '../state/use-t.ts';
import { BarRow } from '../ui/BarRow.tsx';
import { Button } from '../ui/Button.tsx';
import { Panel } from '../ui/Panel.tsx';
import { revealHidden, Untrusted } from '../ui/Untrusted.tsx';
import type { Investigation } from './use-investigation.ts';
import { useTopValues, type Search } from './use-searches.ts';
import { useOpenMenu } from './value-menu.ts';
import styles from './TopValues.module.css';

/** The fields whose most frequent values stand beside the results. */
export const topFields = [
  'user.name',
  'source.ip',
  'organization.id',
  'url.path',
  'http.response.status_code',
  'user_agent.original',
] as const satisfies readonly FieldName[];

/** The most frequent values of each field; a click searches for one, with Alt without it. */
export function TopValues(props: { readonly search: Search; readonly investigation: Investigation }) {
  const { t } = useT();
  return (
    <Panel title={t('investigate.top')} className={styles.panel}>
      {topFields.map((field) => (
        <TopField key={field} field={field} {...props} />
      ))}
    </Panel>
  );
}

interface FieldProps {
  readonly field: FieldName;
  readonly search: Search;
  readonly investigation: Investigation;
}

function TopField({ field, search, investigation }: FieldProps) {
  const { t, formatCompact } = useT();
  const { data, error, refetch } = useTopValues(search, field);
  const most = data?.values[0]?.count ?? 1;
  return (
    <section className={styles.field} aria-label={field}>
      <h3>
        <span>{field}</span>
        {data && <small>{t('investigate.top.distinct', { count: formatCompact(data.distinct) })}</small>}
      </h3>
      {error && (
        <p className={styles.none} role="alert">
          {errorText(error, t)} <Button onClick={() => void refetch()}>{t('error.retry')}</Button>
        </p>
      )}
      {!data && !error && <p className={styles.waiting}>{t('panel.loading')}</p>}
      {data?.values.length === 0 && <p className={styles.none}>{t('investigate.top.none')}</p>}
      <ul>
        {data?.values.map(({ value, count }) => (
          <TopValue
            key={value}
            field={field}
            value={value}
            count={count}
            share={count / most}
            onPick={(exclude) => investigation.addFilter({ field, value, exclude })}
          />
        ))}
      </ul>
    </section>
  );
}

function TopValue(props: {
  readonly field: FieldName;
  readonly value: string;
  readonly count: number;
  readonly share: number;
  readonly onPick: (exclude: boolean) => void;
}) {
  const { field, value, count, share, onPick } = props;
  const { t, formatCompact } = useT();
  const openMenu = useOpenMenu();
  const tile = useFeed(({ parties }) => {
    const party = field === 'organization.id' ? parties.find(({ id }) => id === value) : undefined;
    return party ? `${partyTile(party)} · ` : '';
  });
  const name = revealHidden(value.slice(0, 200));
  return (
    <li className={styles.value}>
      <button
        type="button"
        className={styles.pick}
        title={t('investigate.top.add', { value: name })}
        onClick={(event) => onPick(event.altKey)}
      >
        <BarRow
          label={
            <>
              {tile}
              <Untrusted text={value} />
            </>
          }
          value={formatCompact(count)}
          share={share}
          color="var(--d-ok)"
        />
      </button>
      <button
        type="button"
        className={styles.more}
        aria-haspopup="menu"
        aria-label={t('investigate.menu', { field: `${field} ${name}` })}
        onClick={(event) => openMenu({ field, value, at: null, button: event.currentTarget })}
      >
        <EllipsisVertical size={14} aria-hidden="true" />
      </button>
    </li>
  );
}
