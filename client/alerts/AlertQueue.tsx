import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { Alert } from '../../shared/alert.ts';
import { errorText } from '../api/error-text.ts';
import { useFeed } from '../state/feed-context.tsx';
import { useMay } from '../state/session.ts';
import { useT } from '../state/use-t.ts';
import { LivePanel } from '../ui/Panel.tsx';
import { SeverityGlyph } from '../ui/SeverityGlyph.tsx';
import styles from './AlertQueue.module.css';
import { QueueItem } from './QueueItem.tsx';
import { isUnseen, queueView, worstOf } from './queue-order.ts';
import { QueueEmpty } from './QueueEmpty.tsx';
import { useAlertAction } from './use-alert-actions.ts';
import { useHeldOrder } from './use-held-order.ts';

interface QueueProps {
  readonly selected: string | null;
  /** Opens an alert beside the queue, `closing` with the form to close it; `null` goes back. */
  readonly onSelect: (id: string | null, closing?: boolean) => void;
  readonly className?: string | undefined;
}

const optionId = (id: string): string => `alert-${id}`;

/** Open alerts, worst first; keys work only while the list has the focus. */
export function AlertQueue(props: QueueProps) {
  const { selected, onSelect, className } = props;
  const { t, formatNumber } = useT();
  const alerts = useFeed((state) => state.alerts);
  const total = useFeed((state) => state.openAlerts);
  const may = useMay('alerts:act');
  const action = useAlertAction();
  const hold = useHeldOrder(alerts);
  const { rows, fresh } = useMemo(() => queueView(alerts, hold.held), [alerts, hold.held]);
  const [active, setActive] = useState<string | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const unseen = useMemo(() => alerts.filter(isUnseen).length, [alerts]);
  const worstFresh = worstOf(fresh);
  const index = rows.findIndex(({ alert }) => alert.id === active);

  useEffect(() => {
    if (active) document.getElementById(optionId(active))?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  const go = (step: number): void => {
    const next = rows[Math.min(rows.length - 1, Math.max(0, index + step))]?.alert;
    if (!next) return;
    setActive(next.id);
    if (selected !== null) onSelect(next.id);
  };
  const open = (alert: Alert, closing = false): void => {
    setActive(alert.id);
    onSelect(alert.id, closing);
  };
  const keys: Readonly<Record<string, (alert: Alert | undefined) => void>> = {
    j: () => go(1),
    ArrowDown: () => go(1),
    k: () => go(-1),
    ArrowUp: () => go(-1),
    Enter: (alert) => alert && open(alert),
    e: (alert) => alert && may && isUnseen(alert) && action.mutate({ kind: 'acknowledge', id: alert.id }),
    c: (alert) => alert && open(alert, true),
    Escape: () => onSelect(null),
    Home: () => hold.refresh(),
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]?.(rows[index]?.alert);
  };

  return (
    <LivePanel
      title={t('alerts.queue')}
      truncated={{ shown: alerts.length, total }}
      aside={
        <>
          {hold.held && <span>{t('alerts.held')}</span>}
          <span>{t('alerts.open', { count: formatNumber(total) })}</span>
          {unseen > 0 && (
            <strong className={styles.unseen}>{t('alerts.unowned', { count: formatNumber(unseen) })}</strong>
          )}
        </>
      }
      className={className}
      bodyClassName={styles.body}
    >
      <div className={styles.inside} {...hold.bind}>
        {worstFresh && (
          <button
            type="button"
            className={styles.fresh}
            onClick={() => {
              hold.refresh();
              list.current?.scrollTo({ top: 0 });
            }}
          >
            <SeverityGlyph severity={worstFresh} size={16} />
            <strong>{t('alerts.fresh', { count: fresh.length })}</strong>
            <span>{t('alerts.fresh.show')}</span>
          </button>
        )}
        {rows.length === 0 ? (
          <QueueEmpty />
        ) : (
          <ul
            ref={list}
            className={styles.list}
            role="listbox"
            aria-label={t('alerts.queue')}
            aria-activedescendant={index < 0 ? undefined : optionId(active ?? '')}
            tabIndex={0}
            onKeyDown={onKeyDown}
            onFocus={() => {
              if (index < 0) setActive(rows[0]?.alert.id ?? null);
            }}
          >
            {rows.map(({ alert, gone }) => (
              <QueueItem
                key={alert.id}
                id={optionId(alert.id)}
                alert={alert}
                gone={gone}
                active={alert.id === active}
                selected={alert.id === selected}
                onOpen={open}
              />
            ))}
          </ul>
        )}
        {action.error ? (
          <p className={styles.error} role="alert">
            {t('alerts.failed', { error: errorText(action.error, t) })}
          </p>
        ) : (
          rows.length > 0 && <p className={styles.keys}>{t('alerts.keys')}</p>
        )}
      </div>
    </LivePanel>
  );
}
