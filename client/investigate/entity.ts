import type { Histogram } from '../../shared/api/schemas.ts';
import type { EventFilter } from '../../shared/query/event-query.ts';

/** Fields that name somebody or something that one investigates. */
export const entityFields = ['source.ip', 'user.name', 'organization.id'] as const;
export type EntityField = (typeof entityFields)[number];

export interface Entity {
  readonly field: EntityField;
  readonly value: string;
}

const isEntityField = (field: string): field is EntityField => entityFields.some((known) => known === field);

/** The addresses, accounts and parties that the filters ask for, in their order. */
export const entitiesOf = (filters: readonly EventFilter[]): readonly Entity[] =>
  filters.flatMap(({ field, value, exclude }) =>
    !exclude && value !== '' && isEntityField(field) ? [{ field, value }] : [],
  );

/** The one entity that the search is about; `null` when there is none or more than one. */
export function entityOf(filters: readonly EventFilter[]): Entity | null {
  const [first, ...others] = entitiesOf(filters);
  return first && others.length === 0 ? first : null;
}

/** What a histogram tells of an entity: when it was first and last seen, to the column, and logins by result. */
export interface EntityFacts {
  readonly first: number | null;
  /** End of the last column with an event, exclusive. */
  readonly last: number | null;
  readonly success: number;
  readonly failure: number;
  readonly blocked: number;
  readonly other: number;
}

/** The facts that a histogram holds. */
export function factsOf({ at, bucketMs, success, failure, blocked, other }: Histogram): EntityFacts {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const filled = at.filter(
    (_, index) =>
      (success[index] ?? 0) + (failure[index] ?? 0) + (blocked[index] ?? 0) + (other[index] ?? 0) > 0,
  );
  const last = filled.at(-1);
  return {
    first: filled[0] ?? null,
    last: last === undefined ? null : last + bucketMs,
    success: sum(success),
    failure: sum(failure),
    blocked: sum(blocked),
    other: sum(other),
  };
}
