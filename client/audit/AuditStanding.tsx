import type { AuditState, ChainState, HeadExportState } from '../../shared/api/audit.ts';
import type { MessageKey } from '../../shared/i18n/catalogue.ts';
import type { Translator } from '../../shared/i18n/translate.ts';
import type { Zone } from '../../shared/i18n/zone.ts';
import { usePreference } from '../state/preferences-context.tsx';
import { useT } from '../state/use-t.ts';
import { Untrusted } from '../ui/Untrusted.tsx';
import styles from './AuditPage.module.css';

interface Saying {
  readonly text: string;
  readonly isBad: boolean;
  /** What the machine said of it. */
  readonly why?: string | null;
}

/** Whether the log is whole, and whether its head gets out. */
export function AuditStanding(props: { readonly state: AuditState }) {
  const { chain, heads, failure } = props.state;
  const translator = useT();
  const zone = usePreference('zone');
  const sayings = [
    ofChain(chain, translator, zone),
    ofHeads(heads, translator, zone),
    ...(failure
      ? [
          {
            text: translator.t('audit.failure', {
              count: translator.formatNumber(failure.lost),
              time: translator.formatDateTime(failure.since, zone),
              zone,
            }),
            isBad: true,
          },
        ]
      : []),
  ];
  return (
    <ul className={styles.standing} aria-label={translator.t('audit.chain')}>
      {sayings.map(({ text, isBad, why }: Saying) => (
        <li key={text}>
          <span className={isBad ? styles.bad : undefined} role={isBad ? 'alert' : undefined}>
            <span aria-hidden="true">{isBad ? '▲ ' : '✓ '}</span>
            {text}
            {why && (
              <>
                {' '}
                <Untrusted text={why} />
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

const reasons: Readonly<Record<string, MessageKey>> = {
  changed: 'audit.chain.reason.changed',
  moved: 'audit.chain.reason.moved',
  missing: 'audit.chain.reason.missing',
  cut: 'audit.chain.reason.cut',
  rebuilt: 'audit.chain.reason.rebuilt',
};

function ofChain(chain: ChainState, { t, formatNumber, formatTime }: Translator, zone: Zone): Saying {
  if (chain.kind === 'unchecked') return { text: t('audit.chain.unchecked'), isBad: false };
  const time = formatTime(chain.at, zone).slice(0, 5);
  if (chain.kind === 'unbroken')
    return { text: t('audit.chain.unbroken', { row: formatNumber(chain.rows), time, zone }), isBad: false };
  if (chain.kind === 'failed') return { text: t('audit.chain.failed', { time, zone }), isBad: true };
  const key = Object.hasOwn(reasons, chain.reason) ? reasons[chain.reason] : undefined;
  const reason = key ? t(key) : chain.reason;
  return {
    text: t('audit.chain.broken', { row: formatNumber(chain.brokenAt), reason, time, zone }),
    isBad: true,
  };
}

function ofHeads(
  heads: HeadExportState,
  { t, formatNumber, formatDateTime }: Translator,
  zone: Zone,
): Saying {
  if (heads.kind === 'none') return { text: t('audit.heads.none'), isBad: true };
  if (heads.failingSince !== null) {
    const count = formatNumber(heads.waiting);
    const time = formatDateTime(heads.failingSince, zone);
    return { text: t('audit.heads.failing', { time, zone, count }), isBad: true, why: heads.error };
  }
  if (heads.lastAt === null) return { text: t('audit.heads.waiting'), isBad: false };
  return { text: t('audit.heads.sent', { time: formatDateTime(heads.lastAt, zone), zone }), isBad: false };
}
