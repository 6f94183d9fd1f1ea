import { useState } from 'react';
import type { AuditEntry } from '../../shared/api/audit.ts';
import type { MessageKey } from '../../shared/i18n/catalogue.ts';
import type { Zone } from '../../shared/i18n/zone.ts';
import { useMay } from '../state/session.ts';
import { useT } from '../state/use-t.ts';
import { revealHidden, Untrusted } from '../ui/Untrusted.tsx';
import { actionWords } from './action-words.ts';
import styles from './AuditTable.module.css';
import { changesOf, type DetailLine } from './changes-of.ts';

const columns = ['time', 'actor', 'agency', 'action', 'target', 'from', 'outcome'] as const;

const vias: Readonly<Record<string, MessageKey>> = {
  web: 'audit.via.web',
  token: 'audit.via.token',
  wall: 'audit.via.wall',
  'command line': 'audit.via.command',
  system: 'audit.via.system',
};

/** One row an act, newest first; a row opens to what was before and after. */
export function AuditTable(props: { readonly entries: readonly AuditEntry[]; readonly zone: Zone }) {
  const { entries, zone } = props;
  const { t } = useT();
  const [opened, setOpened] = useState<number | null>(null);
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column === 'time' ? t('audit.column.time', { zone }) : t(`audit.column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <EntryRow
            key={entry.seq}
            entry={entry}
            zone={zone}
            isOpen={entry.seq === opened}
            onToggle={() => setOpened(entry.seq === opened ? null : entry.seq)}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly entry: AuditEntry;
  readonly zone: Zone;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function EntryRow({ entry, zone, isOpen, onToggle }: RowProps) {
  const { t, formatDateTime } = useT();
  const { seq, at, actor, agency, action, target, address, outcome } = entry;
  const isRefused = outcome === 'refused';
  const words = actionWords(action, t);
  return (
    <>
      <tr
        className={styles.row}
        data-selected={isOpen ? '' : undefined}
        onClick={(event) => {
          if (!(event.target instanceof Element && event.target.closest('button'))) onToggle();
        }}
      >
        <th scope="row">
          <button
            type="button"
            aria-expanded={isOpen}
            aria-label={t('audit.open', { row: seq })}
            onClick={onToggle}
          >
            {formatDateTime(at, zone)}
          </button>
        </th>
        <Text text={actor} />
        <Text text={agency} />
        <td title={revealHidden(action)}>{words ?? <Untrusted text={action} />}</td>
        <Text text={target} />
        <Text text={address} />
        <td className={isRefused ? styles.refused : styles.done}>
          {isRefused && <span aria-hidden="true">▲ </span>}
          {outcome === 'done' || outcome === 'refused' ? (
            t(`audit.outcome.${outcome}`)
          ) : (
            <Untrusted text={outcome} />
          )}
        </td>
      </tr>
      {isOpen && (
        <tr className={styles.detail}>
          <td colSpan={columns.length}>
            <EntryDetail entry={entry} />
          </td>
        </tr>
      )}
    </>
  );
}

function Text(props: { readonly text: string }) {
  const { text } = props;
  if (text === '') return <td className={styles.none}>—</td>;
  return (
    <td title={revealHidden(text)}>
      <Untrusted text={text} />
    </td>
  );
}

function EntryDetail(props: { readonly entry: AuditEntry }) {
  const { seq, via, action, detail, hash } = props.entry;
  const { t } = useT();
  const seesAll = useMay('personal:read');
  const lines = changesOf(detail);
  const viaKey = Object.hasOwn(vias, via) ? vias[via] : undefined;
  return (
    <>
      <p className={styles.meta}>
        {t('audit.row', { row: seq })} · <Untrusted text={action} /> · {t('audit.via')}{' '}
        {viaKey ? t(viaKey) : <Untrusted text={via} />} · {t('audit.hash')}{' '}
        <Untrusted text={hash} className={styles.hash} />
      </p>
      {lines.length === 0 ? (
        <p className={styles.meta}>{t(seesAll ? 'audit.noDetail' : 'audit.withheld')}</p>
      ) : (
        <dl className={styles.lines}>
          {lines.map((line, index) => (
            <DetailRow key={`${index} ${line.field}`} line={line} />
          ))}
        </dl>
      )}
    </>
  );
}

function DetailRow(props: { readonly line: DetailLine }) {
  const { field, before, after } = props.line;
  const { t } = useT();
  return (
    <div>
      <dt>
        <Untrusted text={field} />
      </dt>
      <dd>
        {before !== null && before !== after && (
          <>
            <del aria-label={t('audit.before')}>
              <Untrusted text={before} />
            </del>
            <span aria-hidden="true"> → </span>
          </>
        )}
        {after === null ? t('audit.none') : <Untrusted text={after} />}
      </dd>
    </div>
  );
}
