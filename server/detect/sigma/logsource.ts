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
  // Rules for error logs are keyword searches; lines of theirs that no parser knows come as unparsed ones.
  return category === null && isWeb(logsource)
    ? { datasets: ['access', 'error', 'unparsed'], category: null }
    : nothing;
};

const isWeb = ({ product, service }: Logsource): boolean =>
  webProducts.includes(product) || webProducts.includes(service);

const services = ['access', 'error', 'account', 'signal', 'log', 'unparsed'];

function ofSiaga(category: string | null, service: string | null): EventScope {
  if (service !== null && !services.includes(service)) return nothing;
  const datasets = service === null ? ['access', 'account', 'signal'] : [service];
  return { datasets, category };
}

/** What makes matches of such a rule one episode, when the rule doesn't say. */
export const defaultGroupBy = (logsource: Logsource): readonly FieldName[] =>
  logsource.category === 'webserver' || isWeb(logsource) ? ['source.ip'] : ['user.name'];
