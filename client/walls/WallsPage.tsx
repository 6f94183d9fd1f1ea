import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { createdWallSchema, wallListSchema, type CreateWall, type Wall } from '../../shared/api/tokens.ts';
import { errorText } from '../api/error-text.ts';
import { getJson, sendJson } from '../api/request.ts';
import { usePreference } from '../state/preferences-context.tsx';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { Panel, type PanelState } from '../ui/Panel.tsx';
import { Untrusted } from '../ui/Untrusted.tsx';
import { NewWall } from './NewWall.tsx';
import { WallAddress } from './WallAddress.tsx';
import styles from './WallsPage.module.css';

const wallsKey = ['walls'] as const;
const refetchMs = 15_000;

/** Screens that show the wall without a user: what there are, and new ones. */
export default function WallsPage() {
  const { t } = useT();
  const queries = useQueryClient();
  const again = () => void queries.invalidateQueries({ queryKey: wallsKey });
  const [shown, setShown] = useState<{ name: string; address: string } | null>(null);
  const query = useQuery({
    queryKey: wallsKey,
    queryFn: ({ signal }) => getJson('/api/walls', wallListSchema, signal),
    refetchInterval: refetchMs,
  });
  const create = useMutation({
    mutationFn: (wish: CreateWall) => sendJson('POST', '/api/walls', wish, createdWallSchema),
    // The answer holds the secret; it is not to stay in the cache.
    gcTime: 0,
    onSuccess: ({ wall, address }) => {
      setShown({ name: wall.name, address: location.origin + address });
      create.reset();
      again();
    },
  });
  useEffect(() => {
    document.title = `${t('walls.title')} · Siaga`;
  }, [t]);

  const walls = query.data?.walls ?? [];
  return (
    <div className={styles.page}>
      <h1>{t('walls.title')}</h1>
      <p className={styles.intro}>{t('walls.intro')}</p>
      {shown && <WallAddress {...shown} onDone={() => setShown(null)} />}
      <div className={styles.columns}>
        <Panel title={t('walls.title')} state={stateOf(query, walls, t)} className={styles.list}>
          <WallTable walls={walls} onRevoked={again} />
        </Panel>
        <Panel title={t('walls.new')}>
          <NewWall busy={create.isPending} error={create.error} onCreate={create.mutate} />
        </Panel>
      </div>
    </div>
  );
}

function stateOf(
  query: { readonly isPending: boolean; readonly error: Error | null; readonly refetch: () => unknown },
  walls: readonly Wall[],
  t: ReturnType<typeof useT>['t'],
): PanelState {
  if (query.isPending) return { kind: 'loading' };
  if (query.error && walls.length === 0) {
    return { kind: 'error', text: errorText(query.error, t), retry: () => void query.refetch() };
  }
  return walls.length === 0 ? { kind: 'empty', text: t('walls.none') } : { kind: 'ready' };
}

const columns = ['name', 'state', 'size', 'agency', 'used', 'expires', 'actions'] as const;

function WallTable(props: { readonly walls: readonly Wall[]; readonly onRevoked: () => void }) {
  const { t } = useT();
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {t(`walls.column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.walls.map((wall) => (
          <WallRow key={wall.id} wall={wall} onRevoked={props.onRevoked} />
        ))}
      </tbody>
    </table>
  );
}

function WallRow(props: { readonly wall: Wall; readonly onRevoked: () => void }) {
  const { wall, onRevoked } = props;
  const { t, formatDateTime } = useT();
  const zone = usePreference('zone');
  const revoke = useMutation({
    mutationFn: () => sendJson('DELETE', `/api/walls/${encodeURIComponent(wall.id)}`, undefined, null),
    onSettled: onRevoked,
  });
  const { diagonalInch, distanceM, detail } = wall.settings;
  return (
    <tr data-state={wall.state}>
      <th scope="row">
        <Untrusted text={wall.name} />
      </th>
      <td>{t(`walls.state.${wall.state}`)}</td>
      <td>
        {diagonalInch}″ · {distanceM} m · {t(`walls.detail.${detail}`)}
      </td>
      <td>{wall.agency}</td>
      <td>{wall.usedAt === null ? t('walls.never') : formatDateTime(wall.usedAt, zone)}</td>
      <td>{wall.expiresAt === null ? t('walls.untilRevoked') : formatDateTime(wall.expiresAt, zone)}</td>
      <td>
        {wall.state !== 'ended' && (
          <Button
            aria-label={t('walls.revoke.named', { name: wall.name })}
            aria-busy={revoke.isPending}
            onClick={() => revoke.mutate()}
          >
            {t('walls.revoke')}
          </Button>
        )}
        {revoke.error && <span role="alert">{errorText(revoke.error, t)}</span>}
      </td>
    </tr>
  );
}
