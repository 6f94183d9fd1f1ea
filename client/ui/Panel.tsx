import type { ReactNode } from 'react';
import { useFreshness } from '../state/feed-context.tsx';
import { useT } from '../state/use-t.ts';
import { Button } from './Button.tsx';
import styles from './Panel.module.css';

/** What a panel has to show. */
export type PanelState =
  | { readonly kind: 'ready' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'empty'; readonly text: string }
  | { readonly kind: 'error'; readonly text: string; readonly retry?: () => void };

interface PanelProps {
  readonly title: ReactNode;
  /** Beside the title: counts, toggles, links. */
  readonly aside?: ReactNode;
  readonly state?: PanelState;
  /** The content is old: drawn faded, and said so with its age. */
  readonly staleText?: string | null;
  /** `shown` of `total` when not all is here. */
  readonly truncated?: { readonly shown: number; readonly total: number } | null;
  readonly className?: string | undefined;
  readonly bodyClassName?: string | undefined;
  readonly children?: ReactNode;
}

const ready: PanelState = { kind: 'ready' };

/** A titled region that knows loading, empty, error, stale and truncated. */
export function Panel(props: PanelProps) {
  const { title, aside, state = ready, staleText, truncated, className, bodyClassName, children } = props;
  const { t, formatNumber } = useT();
  return (
    <section className={`${styles.panel} ${className ?? ''}`} data-stale={staleText ? '' : undefined}>
      <header className={styles.header}>
        <h2 className={styles.title}>{title}</h2>
        {truncated && truncated.shown < truncated.total && (
          <span className={styles.note}>
            {t('panel.truncated', {
              shown: formatNumber(truncated.shown),
              total: formatNumber(truncated.total),
            })}
          </span>
        )}
        {staleText && <span className={styles.staleNote}>{staleText}</span>}
        {aside && <div className={styles.aside}>{aside}</div>}
      </header>
      <div className={`${styles.body} ${bodyClassName ?? ''}`}>
        {state.kind === 'ready' ? children : <PanelMessage state={state} />}
      </div>
    </section>
  );
}

function PanelMessage(props: { readonly state: Exclude<PanelState, { kind: 'ready' }> }) {
  const { state } = props;
  const { t } = useT();
  if (state.kind === 'loading') {
    return (
      <p className={styles.loading} role="status">
        {t('panel.loading')}
      </p>
    );
  }
  if (state.kind === 'empty') return <p className={styles.message}>{state.text}</p>;
  return (
    <div className={styles.message} role="alert">
      <p>{state.text}</p>
      {state.retry && <Button onClick={state.retry}>{t('error.retry')}</Button>}
    </div>
  );
}

/** A panel of live data: it fades by itself when the feed is stale. */
export function LivePanel(props: Omit<PanelProps, 'staleText'>) {
  const freshness = useFreshness();
  const waiting = freshness === 'waiting' && (props.state ?? ready).kind === 'ready';
  return (
    <Panel
      {...props}
      className={`${props.className ?? ''} ${freshness === 'stale' || freshness === 'stopped' ? styles.stale : ''}`}
      {...(waiting ? { state: { kind: 'loading' } } : {})}
    />
  );
}
