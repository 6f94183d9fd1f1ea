import { Download } from 'lucide-react';
import { maxExported, printQuery, type EventQuery } from '../../shared/query/event-query.ts';
import { useMay } from '../state/session.ts';
import { useT } from '../state/use-t.ts';
import buttons from '../ui/Button.module.css';

/** What a search finds as a file, for those who may export. */
export function ExportLinks({ query }: { readonly query: EventQuery }) {
  const { t, formatNumber } = useT();
  if (!useMay('events:export')) return null;
  const title = t('export.hint', { max: formatNumber(maxExported) });
  const link = (format: 'csv' | 'ndjson'): string => {
    const params = printQuery(query);
    params.set('format', format);
    params.set('limit', String(maxExported));
    return `/api/events/export?${params}`;
  };
  return (
    <>
      <a className={`${buttons.button} ${buttons.plain}`} href={link('csv')} download title={title}>
        <Download size={14} aria-hidden="true" /> {t('export.csv')}
      </a>
      <a className={`${buttons.button} ${buttons.quiet}`} href={link('ndjson')} download title={title}>
        {t('export.ndjson')}
      </a>
    </>
  );
}
