import { useMutation } from '@tanstack/react-query';
import type { Wall } from '../../shared/api/tokens.ts';
import { errorText } from '../api/error-text.ts';
import { sendJson } from '../api/request.ts';
import { usePreference } from '../state/preferences-context.tsx';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { Untrusted } from '../ui/Untrusted.tsx';
import styles from './WallsPage.module.css';

const columns = ['name', 'state', 'size', 'network', 'maker', 'used', 'expires', 'actions'] as const;

/** The walls there are, each to be set otherwise or revoked. */
export function WallTable(props: {
  readonly walls: readonly Wall[];
  readonly changing: string | null;
  readonly onChange: (id: string) => void;
  readonly onRevoked: () => void;
}) {
  const { walls, changing, onChange, onRevoked } = props;
  const { t } = useT();
  const zone = usePreference('zone');
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {t(`walls.column.${column}`, { zone })}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {walls.map((wall) => (
          <WallRow
            key={wall.id}
            wall={wall}
            isChanging={wall.id === changing}
            onChange={() => onChange(wall.id)}
            onRevoked={onRevoked}
          />
        ))}
      </tbody>
    </table>
  );
}

function WallRow(props: {
  readonly wall: Wall;
  readonly isChanging: boolean;
  readonly onChange: () => void;
  readonly onRevoked: () => void;
}) {
  const { wall, isChanging } = props;
  const { t, formatNumber, formatDateTime } = useT();
  const zone = usePreference('zone');
  const { diagonalInch, distanceM, detail, network } = wall.settings;
  return (
    <tr data-state={wall.state} data-selected={isChanging ? '' : undefined}>
      <th scope="row">
        <Untrusted text={wall.name} />
      </th>
      <td>{t(`walls.state.${wall.state}`)}</td>
      <td>
        <p>{t(`walls.detail.${detail}`)}</p>
        <p className={styles.second}>
          {formatNumber(diagonalInch)}″ · {formatNumber(distanceM)} m
        </p>
      </td>
      <td>
        {network.length === 0 ? t('walls.network.any') : network.map((each) => <p key={each}>{each}</p>)}
      </td>
      <td>
        <p>
          <Untrusted text={wall.owner} />
        </p>
        <p className={styles.second}>{wall.agency}</p>
        {wall.maker !== 'in-charge' && wall.state !== 'ended' && (
          <p className={styles.flag}>{t(`walls.maker.${wall.maker}.${wall.state}`)}</p>
        )}
      </td>
      <td>{wall.usedAt === null ? t('walls.never') : formatDateTime(wall.usedAt, zone)}</td>
      <td>{wall.expiresAt === null ? t('walls.untilRevoked') : formatDateTime(wall.expiresAt, zone)}</td>
      <td>{wall.state !== 'ended' && <Acts {...props} />}</td>
    </tr>
  );
}

function Acts(props: {
  readonly wall: Wall;
  readonly isChanging: boolean;
  readonly onChange: () => void;
  readonly onRevoked: () => void;
}) {
  const { wall, isChanging, onChange, onRevoked } = props;
  const { name } = wall;
  const { t } = useT();
  const revoke = useMutation({
    mutationFn: () => sendJson('DELETE', `/api/walls/${encodeURIComponent(wall.id)}`, undefined, null),
    onSettled: onRevoked,
  });
  return (
    <div className={styles.buttons}>
      <Button aria-label={t('walls.change.named', { name })} aria-pressed={isChanging} onClick={onChange}>
        {t('walls.change')}
      </Button>
      <Button
        aria-label={t('walls.revoke.named', { name })}
        aria-busy={revoke.isPending}
        onClick={() => revoke.mutate()}
      >
        {t('walls.revoke')}
      </Button>
      {revoke.error && <span role="alert">{errorText(revoke.error, t)}</span>}
    </div>
  );
}
