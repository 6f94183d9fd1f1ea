import { Link } from 'wouter';
import type { CoverageHole, SourceHealth } from '../../shared/live/frame.ts';
import type { Translator } from '../../shared/i18n/translate.ts';
import { sourceAddress } from '../sources/url-state.ts';
import { useFeed, useServerNow } from '../state/feed-context.tsx';
import { useT } from '../state/use-t.ts';
import { LivePanel } from '../ui/Panel.tsx';
import { revealHidden, Untrusted } from '../ui/Untrusted.tsx';
import { soundOf } from './source-state.ts';
import styles from './SourceHealthRow.module.css';

const none: readonly never[] = [];
/** Holes that are named; the others are counted, and named on hover. */
const shownHoles = 3;

/** A hole in the coverage, in words. */
export function holeText(hole: CoverageHole, t: Translator['t']): string {
  if (hole.kind === 'source-silent' || hole.kind === 'source-fault') {
    return t(`coverage.${hole.kind}`, { source: revealHidden(hole.source) });
  }
  if (hole.kind === 'store-failing' || hole.kind === 'ledger-off') return t(`coverage.${hole.kind}`);
  return t(`coverage.${hole.kind}`, { rule: revealHidden(hole.rule) });
}

/** What is heard of each source, and why the picture may have holes. */
export function SourceHealthRow() {
  const { t } = useT();
  const sources = useFeed((state) => state.frame?.sources ?? none);
  const holes = useFeed((state) => state.frame?.coverage ?? none);
  return (
    <LivePanel
      title={<Link href="/sources">{t('live.health.title')}</Link>}
      aside={
        <>
          {holes.length === 0 ? <span>{t('live.health.covered')}</span> : <Holes holes={holes} />}
          <LedgerWord />
        </>
      }
      state={sources.length === 0 ? { kind: 'empty', text: t('live.health.empty') } : { kind: 'ready' }}
      className={styles.panel}
    >
      <ul className={styles.sources}>
        {sources.map((source) => (
          <Source key={source.id} source={source} />
        ))}
      </ul>
    </LivePanel>
  );
}

/** What the check of each minute says; a ledger that is off is among the holes. */
function LedgerWord() {
  const { t } = useT();
  const balanced = useFeed((state) => state.frame?.ledger?.balanced ?? null);
  if (balanced === false) return null;
  return <Link href="/sources">{t(balanced === null ? 'sources.proof.unknown' : 'sources.proof.ok')}</Link>;
}

function Holes(props: { readonly holes: readonly CoverageHole[] }) {
  const { t } = useT();
  const texts = [...new Set(props.holes.map((hole) => holeText(hole, t)))];
  const rest = texts.slice(shownHoles);
  return (
    <>
      {texts.slice(0, shownHoles).map((text) => (
        <strong key={text} className={styles.hole}>
          ▲ {text}
        </strong>
      ))}
      {rest.length > 0 && (
        <strong className={styles.hole} title={rest.join('\n')}>
          +{rest.length}
        </strong>
      )}
    </>
  );
}

function Source(props: { readonly source: SourceHealth }) {
  const { source } = props;
  const { t, formatNumber, formatCompact, formatAge } = useT();
  const sound = soundOf(source);
  const counts = [
    ['live.health.unparsed', source.totals.unparsed],
    ['live.health.rejected', source.totals.rejected],
    ['live.health.pending', source.pending],
  ] as const;
  const { lagMs } = source;
  return (
    <li className={`${styles.source} ${sound === 'heard' ? '' : styles.unwell}`}>
      <p className={styles.first}>
        <Link href={sourceAddress(source.id)} className={styles.name}>
          <Untrusted text={source.id} />
        </Link>
        <strong>{t('live.health.rate', { count: formatNumber(source.received) })}</strong>
        <Heard source={source} />
      </p>
      <p className={styles.counts}>
        {counts.map(([key, count]) => (
          <span key={key} className={count > 0 ? styles.some : undefined}>
            {t(key)} {formatCompact(count)}
          </span>
        ))}
        {lagMs !== null && <span>{t('live.health.lag', { age: formatAge(lagMs) })}</span>}
      </p>
    </li>
  );
}

function Heard(props: { readonly source: SourceHealth }) {
  const { source } = props;
  const { t, formatAge } = useT();
  const now = useServerNow();
  const age = source.lastHeard === null ? null : formatAge(now - source.lastHeard);
  const sound = soundOf(source);
  if (sound === 'fault' && source.fault !== null) {
    return <span className={styles.bad}>▲ {t(`source.fault.${source.fault}`)}</span>;
  }
  if (sound === 'silent') {
    return (
      <span className={styles.bad}>
        ▲ {age === null ? t('live.health.silentNever') : t('live.health.silent', { age })}
      </span>
    );
  }
  return (
    <span className={styles.age}>
      {age === null ? t('live.health.never') : t('live.health.heard', { age })}
    </span>
  );
}
