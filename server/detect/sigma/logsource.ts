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
const webProducts: readonly string[] = ['nginx', 'apache'];

/** Maps logsources to Siaga's datasets. */
export const siagaLogsources: LogsourceMap = ({ category, product, service }) => {
  if (product === 'siaga') return ofSiaga(category, service);
  const webProduct = product === null || webProducts.includes(product);
  if (category === 'webserver' && webProduct) return { datasets: ['access'], category: null };
  if (category === 'authentication' && product === null && service === null) {
    return { datasets: ['access', 'account'], category: 'authentication' };
  }
  if (category === null && (webProducts.includes(product ?? '') || webProducts.includes(service ?? ''))) {
    // Lines of an error log come as unparsed ones: rules for them are keyword searches.
    return { datasets: ['access', 'unparsed'], category: null };
  }
  return nothing;
};

function ofSiaga(category: string | null, service: string | null): EventScope {
  if (service !== null && !['access', 'account', 'signal', 'unparsed'].includes(service)) return nothing;
  const datasets = service === null ? ['access', 'account', 'signal'] : [service];
  return { datasets, category };
}

/** What makes matches of such a rule one episode, when the rule doesn't say. */
export function defaultGroupBy({ category, product, service }: Logsource): readonly FieldName[] {
  const web = category === 'webserver' || [product, service].some((name) => webProducts.includes(name ?? ''));
  return web ? ['source.ip'] : ['user.name'];
}
