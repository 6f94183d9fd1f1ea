import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { StoredEvent } from '../../shared/api/schemas.ts';
import { useT } from '../state/use-t.ts';
import { sequenceOf } from './event-value.ts';
import type { Span } from './range.ts';
import { ResultRow } from './ResultRow.tsx';
import type { Investigation } from './use-investigation.ts';
import styles from './ResultList.module.css';

export const rowHeight = 26;
const dayMs = 86_400_000;
/** The next page is asked for when so many rows are left below. */
const aheadRows = 40;

interface ListProps {
  readonly events: readonly StoredEvent[];
  readonly span: Span;
  readonly investigation: Investigation;
  /** Asks for the next page; `null` when there is none or it is on its way. */
  readonly onMore: (() => void) | null;
  readonly loadingMore: boolean;
  readonly onScrolled: (scrolled: boolean) => void;
  readonly onCopyLink: () => void;
}

const optionId = (sequence: string): string => `event-${sequence}`;

/** Matching events, newest first, one line each; only the rows that are seen are drawn. */
export function ResultList(props: ListProps) {
  const { events, span, investigation, onMore, loadingMore, onScrolled, onCopyLink } = props;
  const { state, zone, select } = investigation;
  const { t } = useT();
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<string | null>(state.selected);
  const index = events.findIndex((event) => sequenceOf(event) === active);
  // oxlint-disable-next-line react/incompatible-library -- its methods are used in this component only
  const virtual = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    // Without it the list forces React to draw synchronously on each scroll, which React 19 warns about.
    useFlushSync: false,
  });
  const rows = virtual.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;

  useEffect(() => {
    if (onMore && last >= events.length - aheadRows) onMore();
  }, [onMore, last, events.length]);

  const go = (to: number): void => {
    const next = events[Math.min(events.length - 1, Math.max(0, to))];
    if (!next) return;
    const sequence = sequenceOf(next);
    setActive(sequence);
    virtual.scrollToIndex(events.indexOf(next), { align: 'auto' });
    if (state.selected !== null) select(sequence);
  };
  const open = (event: StoredEvent): void => {
    setActive(sequenceOf(event));
    select(sequenceOf(event));
  };
  const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
  const keys: Readonly<Record<string, () => void>> = {
    j: () => go(index + 1),
    ArrowDown: () => go(index + 1),
    k: () => go(index - 1),
    ArrowUp: () => go(index - 1),
    PageDown: () => go(index + page),
    PageUp: () => go(index - page),
    Home: () => go(0),
    End: () => go(events.length - 1),
    Enter: () => events[index] && open(events[index]),
    Escape: () => select(null),
    y: onCopyLink,
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]?.();
  };

  return (
    <div className={styles.list}>
      <div className={styles.head} data-dated={span.to - span.from > dayMs ? '' : undefined}>
        <span>{t('investigate.column.time', { zone })}</span>
        <span>{t('investigate.column.what')}</span>
        <span>{t('investigate.column.account')}</span>
        <span>{t('investigate.column.address')}</span>
        <span>{t('investigate.column.about')}</span>
        <span className={styles.number}>{t('investigate.column.status')}</span>
        <span>{t('investigate.column.party')}</span>
      </div>
      <div
        ref={scroller}
        className={styles.scroller}
        onScroll={(event) => onScrolled(event.currentTarget.scrollTop > rowHeight)}
      >
        <ul
          role="listbox"
          aria-label={t('investigate.results')}
          aria-activedescendant={index < 0 ? undefined : optionId(active ?? '')}
          tabIndex={0}
          data-dated={span.to - span.from > dayMs ? '' : undefined}
          style={{ height: virtual.getTotalSize() }}
          onKeyDown={onKeyDown}
          onFocus={() => {
            if (index < 0 && events[0]) setActive(sequenceOf(events[0]));
          }}
        >
          {rows.map(({ index: row, start, size }) => {
            const event = events[row];
            if (!event) return null;
            const sequence = sequenceOf(event);
            return (
              <ResultRow
                key={sequence}
                id={optionId(sequence)}
                event={event}
                zone={zone}
                dated={span.to - span.from > dayMs}
                top={start}
                height={size}
                active={sequence === active}
                selected={sequence === state.selected}
                onOpen={open}
              />
            );
          })}
        </ul>
        {loadingMore && <p className={styles.more}>{t('investigate.results.loading')}</p>}
      </div>
    </div>
  );
}
