import { catalogues, type MessageKey } from '../../shared/i18n/catalogue.ts';
import type { Translator } from '../../shared/i18n/translate.ts';
import { errorText } from '../api/error-text.ts';
import { useT } from '../state/use-t.ts';
import { Panel, type PanelState } from '../ui/Panel.tsx';
import { useLimits } from './use-limits.ts';
import styles from './LimitsPanel.module.css';

/** The limit in words; its own name when a newer server has one that these words don't know. */
function labelOf(limit: string, t: Translator['t']): string {
  const key = `sources.limit.${limit}`;
  return isMessage(key) ? t(key) : limit;
}

const isMessage = (key: string): key is MessageKey => Object.hasOwn(catalogues.id, key);

/** Which limits of the server were reached in the last hour. */
export function LimitsPanel() {
  const { t, formatNumber } = useT();
  const query = useLimits();
  const reached = query.data?.filter(({ lastHour }) => lastHour > 0) ?? [];
  const state = ((): PanelState => {
    if (query.data)
      return reached.length > 0 ? { kind: 'ready' } : { kind: 'empty', text: t('sources.limits.none') };
    if (!query.error) return { kind: 'loading' };
    return { kind: 'error', text: errorText(query.error, t), retry: () => void query.refetch() };
  })();
  return (
    <Panel title={t('sources.limits')} state={state} className={styles.panel}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('sources.limits.name')}</th>
            <th scope="col">{t('sources.limits.value')}</th>
            <th scope="col">{t('sources.limits.lastHour')}</th>
            <th scope="col">{t('sources.limits.total')}</th>
          </tr>
        </thead>
        <tbody>
          {reached.map(({ name: limit, value, lastHour, total }) => (
            <tr key={limit}>
              <th scope="row">{labelOf(limit, t)}</th>
              <td>{value}</td>
              <td>{formatNumber(lastHour)}</td>
              <td>{formatNumber(total)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
