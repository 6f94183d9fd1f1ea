import { Link } from 'wouter';
import { useFeed } from '../state/feed-context.tsx';
import { investigateValue } from '../state/investigate-link.ts';
import { useT } from '../state/use-t.ts';
import { BarRow } from '../ui/BarRow.tsx';
import { LivePanel } from '../ui/Panel.tsx';
import { Untrusted } from '../ui/Untrusted.tsx';
import styles from './TopFailures.module.css';

const none: readonly never[] = [];

/** Addresses with the most failed and blocked logins of the last 15 minutes. */
export function TopFailures(props: { readonly className?: string | undefined }) {
  const { t, formatNumber } = useT();
  const top = useFeed((state) => state.frame?.topFailures ?? none);
  const most = top[0]?.[1] ?? 1;
  return (
    <LivePanel
      title={t('live.top.title')}
      aside={<span>{t('live.top.hint')}</span>}
      state={top.length === 0 ? { kind: 'empty', text: t('live.top.empty') } : { kind: 'ready' }}
      className={props.className}
    >
      <ol className={styles.list}>
        {top.map(([address, count]) => (
          <li key={address}>
            <Link href={investigateValue('source.ip', address)}>
              <BarRow label={<Untrusted text={address} />} value={formatNumber(count)} share={count / most} />
            </Link>
          </li>
        ))}
      </ol>
    </LivePanel>
  );
}
