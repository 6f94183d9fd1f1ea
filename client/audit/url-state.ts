import { auditOutcomes } from '../../shared/api/audit.ts';
import type { TimeRange } from '../investigate/range.ts';
import { printRange, readRange } from '../investigate/url-state.ts';

/** Parameters that narrow the list, by the names that the server knows them by. */
export const auditFilters = ['actor', 'action', 'agency', 'outcome'] as const;
export type AuditFilter = (typeof auditFilters)[number];

/** All that decides what the audit screen shows; it lives in the address. What isn't given doesn't narrow. */
export interface AuditView {
  readonly range: TimeRange;
  readonly filters: Readonly<Partial<Record<AuditFilter, string>>>;
}

const day = 86_400_000;
/** The presets of the screen, shortest first. */
export const auditPresets = [day / 24, day, 7 * day] as const;
const usual = { kind: 'last', ms: 7 * day } as const;
const maxLength = 500;

/** Reads the search parameters of the address; those that make no sense are left out and named. */
export function readAuditView(params: URLSearchParams): {
  readonly view: AuditView;
  readonly dropped: readonly string[];
} {
  const dropped: string[] = [];
  const drop = (name: string, value: string): void => void dropped.push(`${name}=${value}`);
  const range = readRange(params, drop, usual);
  const filters: Partial<Record<AuditFilter, string>> = {};
  for (const name of auditFilters) {
    const value = params.get(name);
    if (value === null) continue;
    const isWord = name !== 'outcome' || auditOutcomes.some((each) => each === value);
    if (value === '' || value.length > maxLength || !isWord) drop(name, value);
    else filters[name] = value;
  }
  return { view: { range, filters }, dropped };
}

/** Address of the screen in a view; the opposite of `readAuditView`. */
export function printAuditView({ range, filters }: AuditView): string {
  const params = new URLSearchParams();
  printRange(params, range, usual);
  for (const name of auditFilters) if (filters[name]) params.set(name, filters[name]);
  const search = params.toString();
  return search ? `/audit?${search}` : '/audit';
}
