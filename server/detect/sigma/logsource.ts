import type { FieldName } from '../../../shared/event/fields.ts';
import type { EventScope } from '../rule.ts';

/** Sigma's `logsource` of a rule; `null` where it says nothing. */
export interface Logsource {
  readonly category: string | null;
  readonly product: string | null;
  readonly service: string | null;
}

/** Which events a logsource means; no dataset when nothing feeds it. */
export type LogsourceMap = (logsource: Logsource) => EventScope;

const nothing: EventScope = { datasets: [], category: null };
const webProducts: readonly (string | null)[] = ['nginx', 'apache'];

/** Maps logsources to Siaga's datasets. */
export const siagaLogsources: LogsourceMap = (logsource) => {
  const { category, product, service } = logsource;
  if (product === 'siaga') return ofSiaga(category, service);
  if (category === 'webserver' && (product === null || webProducts.includes(product))) {
    return { datasets: ['access'], category: null };
  }
  if (category === 'authentication' && product === null && service === null) {
    return { datasets: ['access', 'account'], category: 'authentication' };
  }
  // Lines of an error log come as unparsed ones: rules for them are keyword searches.
  return category === null && isWeb(logsource)
    ? { datasets: ['access', 'unparsed'], category: null }
    : nothing;
};

const isWeb = ({ product, service }: Logsource): boolean =>
  webProducts.includes(product) || webProducts.includes(service);

function ofSiaga(category: string | null, service: string | null): EventScope {
  if (service !== null && !['access', 'account', 'signal', 'unparsed'].includes(service)) return nothing;
  const datasets = service === null ? ['access', 'account', 'signal'] : [service];
  return { datasets, category };
}

/** What makes matches of such a rule one episode, when the rule doesn't say. */
export const defaultGroupBy = (logsource: Logsource): readonly FieldName[] =>
  logsource.category === 'webserver' || isWeb(logsource) ? ['source.ip'] : ['user.name'];
