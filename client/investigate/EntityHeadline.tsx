import type { ReactNode } from 'react';
import type { Histogram } from '../../shared/api/schemas.ts';
import { partyTile } from '../../shared/party.ts';
import { useFeed } from '../state/feed-context.tsx';
import { useT } from '../state/use-t.ts';
import { Untrusted } from '../ui/Untrusted.tsx';
import { factsOf, type Entity, type EntityField } from './entity.ts';
import { dayMinute } from './range.ts';
import type { Investigation } from './use-investigation.ts';
import { useTopValues, type Search } from './use-searches.ts';
import styles from './EntityHeadline.module.css';

/** What else of an entity is counted, and what the count is called. */
const counted = {
  'source.ip': ['user.name', 'organization.id'],
  'user.name': ['source.ip', 'organization.id'],
  'organization.id': ['user.name', 'source.ip'],
} as const satisfies Record<EntityField, readonly EntityField[]>;
const countNames = {
  'user.name': 'investigate.entity.accounts',
  'source.ip': 'investigate.entity.addresses',
  'organization.id': 'investigate.entity.parties',
} as const;

/** What is known of the one address, account or party that the search is about, within its range. */
export function EntityHeadline(props: {
  readonly entity: Entity;
  readonly histogram: Histogram | undefined;
  readonly search: Search;
  readonly zone: Investigation['zone'];
}) {
  const { entity, histogram, search, zone } = props;
  const { t, formatNumber } = useT();
  const party = useFeed(({ parties }) =>
    entity.field === 'organization.id' ? parties.find(({ id }) => id === entity.value) : undefined,
  );
  const facts = histogram ? factsOf(histogram) : null;
  const waiting = '…';
  const time = (at: number | null): string => (at === null ? '—' : `± ${dayMinute(at, zone)}`);
  return (
    <section className={styles.headline} aria-label={t(`investigate.crumb.${entity.field}`)}>
      <h2>
        <small>{t(`investigate.crumb.${entity.field}`)}</small>
        {party && <span className={styles.tile}>{partyTile(party)}</span>}
        {party ? party.name : <Untrusted text={entity.value} />}
      </h2>
      <dl>
        <Fact name={t('investigate.entity.first')}>{facts ? time(facts.first) : waiting}</Fact>
        <Fact name={t('investigate.entity.last')}>
          {facts ? time(facts.last && Math.min(facts.last, search.query.to)) : waiting}
        </Fact>
        <Fact name={t('investigate.entity.logins')}>
          {facts
            ? t('investigate.entity.loginCounts', {
                success: formatNumber(facts.success),
                failure: formatNumber(facts.failure),
                blocked: formatNumber(facts.blocked),
              })
            : waiting}
        </Fact>
        <Fact name={t('investigate.entity.other')}>{facts ? formatNumber(facts.other) : waiting}</Fact>
        {counted[entity.field].map((field) => (
          <Distinct key={field} field={field} search={search} />
        ))}
      </dl>
      <small className={styles.note}>{t('investigate.entity.inRange')}</small>
    </section>
  );
}

function Distinct(props: { readonly field: EntityField; readonly search: Search }) {
  const { t, formatNumber } = useT();
  const { data, error } = useTopValues(props.search, props.field);
  return (
    <Fact name={t(countNames[props.field])}>{data ? formatNumber(data.distinct) : error ? '—' : '…'}</Fact>
  );
}

function Fact(props: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}
