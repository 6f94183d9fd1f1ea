import { useIsFetching } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { PreferencesProvider } from '../state/preferences-context.tsx';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { entityOf } from './entity.ts';
import { EntityHeadline } from './EntityHeadline.tsx';
import { ExportLinks } from './ExportLinks.tsx';
import { EventDetail } from './EventDetail.tsx';
import { sequenceOf } from './event-value.ts';
import { FilterChips } from './FilterChips.tsx';
import { createHeavyQueue } from './heavy-queue.ts';
import { HistogramPanel } from './HistogramPanel.tsx';
import { defaultRange, resolveRange } from './range.ts';
import { RangePicker } from './RangePicker.tsx';
import { Results } from './Results.tsx';
import { SearchBox } from './SearchBox.tsx';
import { TopValues } from './TopValues.tsx';
import { DroppedNotice, Trail } from './Trail.tsx';
import { printState, type InvestigateState } from './url-state.ts';
import { followMs, useAnchor } from './use-anchor.ts';
import { useCopied } from './use-copied.ts';
import { useInvestigation, type Investigation } from './use-investigation.ts';
import {
  HeavyQueueContext,
  isSearch,
  useEventPages,
  useHistogram,
  useOneEvent,
  type Search,
} from './use-searches.ts';
import { useZonePreference } from './use-zone-preference.ts';
import { OpenMenuContext, type MenuTarget } from './value-menu.ts';
import { ValueMenu } from './ValueMenu.tsx';
import styles from './InvestigatePage.module.css';

/** Search of all stored events: what happened, when, by whom, and the line that says so. */
export default function InvestigatePage() {
  const [queue] = useState(() => createHeavyQueue());
  const [target, setTarget] = useState<MenuTarget | null>(null);
  const closeMenu = useCallback(() => setTarget(null), []);
  const investigation = useInvestigation();
  const { t } = useT();
  useEffect(() => {
    document.title = `${t('investigate.title')} · Siaga`;
  }, [t]);
  const preferences = useZonePreference(investigation);
  return (
    <PreferencesProvider store={preferences}>
      <HeavyQueueContext value={queue}>
        <OpenMenuContext value={setTarget}>
          <Screen investigation={investigation} />
          {target && (
            <ValueMenu
              key={`${target.field}:${target.value}`}
              target={target}
              investigation={investigation}
              onClose={closeMenu}
            />
          )}
        </OpenMenuContext>
      </HeavyQueueContext>
    </PreferencesProvider>
  );
}

/** What stays the same of a search while its range moves on. */
const shapeOf = (state: InvestigateState): string =>
  printState({ ...state, selected: null, zone: null }).toString();

function Screen(props: { readonly investigation: Investigation }) {
  const { investigation } = props;
  const { state, zone, select } = investigation;
  const { t } = useT();
  const shape = shapeOf(state);
  // What was scrolled away from is one search; the next one begins at its top.
  const [scrolledIn, setScrolledIn] = useState<string | null>(null);
  const following = state.range.kind === 'last' && state.selected === null && scrolledIn !== shape;
  const { now, refresh } = useAnchor(following, useIsFetching({ predicate: isSearch }) > 0);
  const search = useMemo((): Search => {
    const { filters, text, range } = state;
    return { query: { ...resolveRange(range, now), filters, text }, shape };
  }, [state, now, shape]);
  const pages = useEventPages(search);
  const histogram = useHistogram(search);
  const [copied, copy] = useCopied();

  const { query } = search;
  const loaded = pages.data?.pages
    .flatMap(({ events }) => events)
    .find((event) => sequenceOf(event) === state.selected);
  const single = useOneEvent(search, state.selected, loaded);
  const entity = entityOf(state.filters);
  const copyLink = (): void => {
    const { from, to } = query;
    const absolute = printState({ ...state, zone, range: { kind: 'between', from, to } });
    copy(`${location.origin}${location.pathname}?${absolute}`);
  };
  const onScrolled = (scrolled: boolean): void => setScrolledIn(scrolled ? shape : null);
  const root = useRef<HTMLDivElement>(null);
  useSlashKey(root);

  return (
    <div ref={root} className={styles.page}>
      <h1 className="visually-hidden">{t('investigate.title')}</h1>
      <div className={styles.top}>
        <Trail investigation={investigation} />
        <FollowNote
          investigation={investigation}
          following={following}
          onRefresh={() => {
            refresh();
            setScrolledIn(null);
          }}
        />
        <ExportLinks query={query} />
        <Button onClick={copyLink} aria-keyshortcuts="y">
          <CopyLabel copied={copied} />
        </Button>
      </div>
      <div className={styles.search}>
        <SearchBox investigation={investigation} />
        <RangePicker range={state.range} zone={zone} onRange={investigation.setRange} now={now} />
      </div>
      <FilterChips investigation={investigation} />
      <DroppedNotice dropped={investigation.dropped} />
      {entity && <EntityHeadline entity={entity} histogram={histogram.data} search={search} zone={zone} />}
      <HistogramPanel
        histogram={histogram}
        span={query}
        investigation={investigation}
        total={pages.data?.pages[0]?.total ?? null}
      />
      <div className={styles.columns} data-detail={state.selected === null ? undefined : ''}>
        <TopValues search={search} investigation={investigation} />
        <Results
          pages={pages}
          span={query}
          investigation={investigation}
          onScrolled={onScrolled}
          onCopyLink={copyLink}
        />
        {state.selected !== null && (
          <EventDetail
            event={loaded ?? single.data}
            error={loaded ? null : single.error}
            onRetry={() => void single.refetch()}
            zone={zone}
            onClose={() => select(null)}
          />
        )}
      </div>
    </div>
  );
}

function CopyLabel(props: { readonly copied: boolean | null }) {
  const { t } = useT();
  if (props.copied !== null) return t(props.copied ? 'investigate.copied' : 'investigate.copyFailed');
  return (
    <>
      {t('investigate.copyLink')} <kbd>y</kbd>
    </>
  );
}

/** Whether the range moves on with the time, and how to make it. */
function FollowNote(props: {
  readonly investigation: Investigation;
  readonly following: boolean;
  readonly onRefresh: () => void;
}) {
  const { investigation, following, onRefresh } = props;
  const { t } = useT();
  if (investigation.state.range.kind === 'between') {
    return (
      <Button tone="quiet" onClick={() => investigation.setRange(defaultRange)}>
        {t('investigate.live.back')}
      </Button>
    );
  }
  return (
    <span className={styles.follow}>
      {following
        ? t('investigate.live.following', { seconds: followMs / 1_000 })
        : t('investigate.live.held')}
      <Button tone="quiet" onClick={onRefresh}>
        {t('investigate.live.refresh')}
      </Button>
    </span>
  );
}

/** `/` goes to the search box, unless something is being typed. */
function useSlashKey(root: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const inField =
        event.target instanceof Element && event.target.closest('input, textarea, select') !== null;
      if (event.key !== '/' || inField || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      root.current?.querySelector<HTMLInputElement>('[role=combobox]')?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [root]);
}
