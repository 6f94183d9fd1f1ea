import { useMemo } from 'react';
import { useFeed, useFeedHandle, useFreshness } from '../state/feed-context.tsx';
import { isAboveUsual } from '../state/usual-range.ts';
import { useT } from '../state/use-t.ts';
import { Figure } from './Figure.tsx';
import { soundOf, type Sound } from './source-state.ts';
import styles from './FigureStrip.module.css';

const minute = 60;

/** The key figures; none without what is usual for it. Past 30 s without data they are dashes. */
export function FigureStrip() {
  const freshness = useFreshness();
  const blind = freshness === 'waiting' || freshness === 'stopped';
  return (
    <dl className={`${styles.strip} ${freshness === 'stale' || freshness === 'stopped' ? styles.stale : ''}`}>
      <LoginFigures blind={blind} />
      <AccountFigures blind={blind} />
      <SourceFigure blind={blind} />
    </dl>
  );
}

function LoginFigures(props: { readonly blind: boolean }) {
  const { t, formatNumber } = useT();
  const feed = useFeedHandle();
  const version = useFeed((state) => state.recentVersion);
  const usual = useFeed((state) => state.frame?.usualFailures ?? null);
  const unparsed = useFeed((state) => state.frame?.unparsed ?? 0);
  const sum = useMemo(() => ({ ...feed.sum(minute), version }), [feed, version]);
  const now = useMemo(() => ({ ...feed.sum(1), version }), [feed, version]);
  const failures = sum.failure + sum.blocked;
  const attempts = failures + sum.success;
  const above = isAboveUsual(failures, usual);
  const partial = sum.heard < minute - 2 ? t('live.heardOf', { heard: sum.heard }) : null;
  const share = (part: number): string =>
    t('live.share', { percent: formatNumber(attempts === 0 ? 0 : Math.round((part / attempts) * 100)) });
  const range = usual
    ? t('live.usual', { low: formatNumber(Math.round(usual[0])), high: formatNumber(Math.round(usual[1])) })
    : t('live.usual.unknown');

  return (
    <>
      <Figure
        blind={props.blind}
        label={t('live.figure.failures')}
        value={formatNumber(failures)}
        unit={t('live.perMinute')}
        note={partial ?? range}
        raised={above}
      />
      <Figure
        blind={props.blind}
        label={t('live.figure.successes')}
        value={formatNumber(sum.success)}
        unit={t('live.perMinute')}
        note={partial ?? share(sum.success)}
      />
      <Figure
        blind={props.blind}
        label={t('live.figure.blocked')}
        value={formatNumber(sum.blocked)}
        unit={t('live.perMinute')}
        note={partial ?? share(sum.blocked)}
      />
      <Figure
        blind={props.blind}
        label={t('live.figure.events')}
        value={formatNumber(now.events)}
        unit={t('live.perSecond')}
        note={t('live.unparsed', { count: formatNumber(unparsed) })}
        raised={unparsed > 0 && unparsed * 10 > now.events}
      />
    </>
  );
}

function AccountFigures(props: { readonly blind: boolean }) {
  const { t } = useT();
  const accounts = useFeed((state) => state.frame?.accounts ?? null);
  const show = (kind: 'national' | 'aceh'): string =>
    accounts ? `${accounts[kind].present}/${accounts[kind].registered}` : '';
  const missing = (kind: 'national' | 'aceh'): number =>
    accounts ? Math.max(0, accounts[kind].registered - accounts[kind].present) : 0;
  const parties = useFeed((state) => state.parties);
  const strangers = accounts?.unknown.length ?? 0;
  const note = (kind: 'national' | 'aceh'): string => {
    const differing = parties.filter(
      (party) => party.kind === kind && accounts?.differs?.includes(party.id),
    ).length;
    const absent = missing(kind) - differing;
    const notes = [
      ...(absent > 0 ? [t('live.absent', { count: absent })] : []),
      ...(differing > 0 ? [t('live.differs', { count: differing })] : []),
    ];
    return notes.length > 0 ? notes.join(' · ') : t('live.complete');
  };
  return (
    <>
      <Figure
        blind={props.blind}
        label={t('live.figure.accounts')}
        value={show('national')}
        note={note('national') + (strangers > 0 ? ` · ${t('live.unknown', { count: strangers })}` : '')}
        raised={missing('national') > 0 || strangers > 0}
      />
      <Figure
        blind={props.blind}
        label={t('live.figure.aceh')}
        value={show('aceh')}
        note={note('aceh')}
        raised={missing('aceh') > 0}
      />
    </>
  );
}

const none: readonly never[] = [];

function SourceFigure(props: { readonly blind: boolean }) {
  const { t } = useT();
  const sources = useFeed((state) => state.frame?.sources ?? none);
  const count = (...sounds: Sound[]): number =>
    sources.filter((source) => sounds.includes(soundOf(source))).length;
  const missing = count('silent', 'fault');
  const never = count('never');
  const note = ((): string => {
    if (sources.length === 0) return t('live.sources.none');
    if (missing > 0) return t('live.sources.missing', { count: missing });
    return never > 0 ? t('live.sources.never', { count: never }) : t('live.sources.all');
  })();
  return (
    <Figure
      blind={props.blind}
      label={t('live.figure.sources')}
      value={`${count('heard')}/${sources.length}`}
      note={note}
      raised={missing > 0}
    />
  );
}
