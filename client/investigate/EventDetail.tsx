import { EllipsisVertical, X } from 'lucide-react';
import type { StoredEvent } from '../../shared/api/schemas.ts';
import { eventFields, type FieldName } from '../../shared/event/fields.ts';
import type { Zone } from '../../shared/i18n/zone.ts';
import { errorText } from '../api/error-text.ts';
import { useMay } from '../state/session.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { Panel, type PanelState } from '../ui/Panel.tsx';
import { Untrusted } from '../ui/Untrusted.tsx';
import { describeEvent } from './describe-event.ts';
import { filledFields, rawOf, timeOf } from './event-value.ts';
import { useCopied } from './use-copied.ts';
import { useOpenMenu } from './value-menu.ts';
import styles from './EventDetail.module.css';

interface DetailProps {
  /** `undefined` while it is read, `null` when there is no such event. */
  readonly event: StoredEvent | null | undefined;
  readonly error: Error | null;
  readonly onRetry: () => void;
  readonly zone: Zone;
  readonly onClose: () => void;
}

/** One event: the line as it came, then every field that it has. */
export function EventDetail({ event, error, onRetry, zone, onClose }: DetailProps) {
  const { t } = useT();
  const state: PanelState = error
    ? { kind: 'error', text: errorText(error, t), retry: onRetry }
    : event === undefined
      ? { kind: 'loading' }
      : event === null
        ? { kind: 'empty', text: t('investigate.detail.missing') }
        : { kind: 'ready' };
  return (
    <Panel
      title={t('investigate.detail')}
      state={state}
      className={styles.panel}
      aside={
        <Button
          tone="quiet"
          aria-label={t('investigate.detail.close')}
          title={`${t('investigate.detail.close')} (Esc)`}
          aria-keyshortcuts="Escape"
          onClick={onClose}
        >
          <X size={16} aria-hidden="true" />
        </Button>
      }
    >
      {event && <Content event={event} zone={zone} />}
    </Panel>
  );
}

function Content(props: { readonly event: StoredEvent; readonly zone: Zone }) {
  const { event, zone } = props;
  const { t, formatDateTime } = useT();
  const { key, detail } = describeEvent(event);
  return (
    <>
      <p className={styles.headline}>
        <strong>
          {t(key)}
          {detail !== null && (
            <>
              {' '}
              <Untrusted text={detail} />
            </>
          )}
        </strong>
        <span>
          {formatDateTime(timeOf(event), zone)} {zone}
        </span>
      </p>
      <RawLine text={rawOf(event)} />
      <h3 className={styles.heading}>{t('investigate.detail.fields')}</h3>
      <dl className={styles.fields}>
        {filledFields(event).map(([field, value]) => (
          <Field key={field} field={field} value={value} at={timeOf(event)} zone={zone} />
        ))}
      </dl>
      {filledFields(event).some(([field]) => field.startsWith('source.as.')) && (
        <p className={styles.attribution}>
          <a href="https://db-ip.com" target="_blank" rel="noreferrer">
            {t('investigate.detail.attribution')}
          </a>
        </p>
      )}
    </>
  );
}

function RawLine(props: { readonly text: string }) {
  const { t } = useT();
  const raw = useMay('personal:read') ? 'investigate.detail.raw' : 'personal.detail.raw';
  const [copied, copy] = useCopied();
  return (
    <section className={styles.raw}>
      <header>
        <h3>{t(raw)}</h3>
        <Button onClick={() => copy(props.text)}>
          {copied === null
            ? t('investigate.detail.copyRaw')
            : t(copied ? 'investigate.copied' : 'investigate.copyFailed')}
        </Button>
      </header>
      <pre>
        <Untrusted text={props.text} />
      </pre>
    </section>
  );
}

function Field(props: {
  readonly field: FieldName;
  readonly value: string;
  readonly at: number;
  readonly zone: Zone;
}) {
  const { field, value, at, zone } = props;
  const { t, formatDateTime } = useT();
  const openMenu = useOpenMenu();
  const isTime = eventFields[field].type === 'time';
  return (
    <div className={styles.field}>
      <dt title={eventFields[field].doc}>{field}</dt>
      <dd>
        <span>
          <Untrusted text={value} />
          {isTime && (
            <small>
              {formatDateTime(Number(value), zone)} {zone}
            </small>
          )}
        </span>
        <button
          type="button"
          aria-haspopup="menu"
          aria-label={t('investigate.menu', { field })}
          onClick={(event) => openMenu({ field, value, at, button: event.currentTarget })}
        >
          <EllipsisVertical size={15} aria-hidden="true" />
        </button>
      </dd>
    </div>
  );
}
