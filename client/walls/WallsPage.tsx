import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { createdWallSchema, wallListSchema, type CreateWall, type Wall } from '../../shared/api/tokens.ts';
import { errorText } from '../api/error-text.ts';
import { getJson, sendJson } from '../api/request.ts';
import { useT } from '../state/use-t.ts';
import { Panel, type PanelState } from '../ui/Panel.tsx';
import { ChangeWall } from './ChangeWall.tsx';
import { NewWall } from './NewWall.tsx';
import { WallAddress } from './WallAddress.tsx';
import styles from './WallsPage.module.css';
import { WallTable } from './WallTable.tsx';

const wallsKey = ['walls'] as const;
const refetchMs = 15_000;

/** Screens that show the wall without a user: what there are, how they are set, and new ones. */
export default function WallsPage() {
  const { t } = useT();
  const queries = useQueryClient();
  const again = () => void queries.invalidateQueries({ queryKey: wallsKey });
  const [changing, setChanging] = useState<string | null>(null);
  const query = useQuery({
    queryKey: wallsKey,
    queryFn: ({ signal }) => getJson('/api/walls', wallListSchema, signal),
    refetchInterval: refetchMs,
  });
  const { create, shown, forget } = useNewWall(again);
  useEffect(() => {
    document.title = `${t('walls.title')} · Siaga`;
  }, [t]);

  // What has ended is kept for looking back; it stands below what can be acted on.
  const walls = (query.data?.walls ?? []).toSorted(
    (a, b) => Number(a.state === 'ended') - Number(b.state === 'ended'),
  );
  const changed = walls.find(({ id, state }) => id === changing && state !== 'ended');
  const stop = (): void => setChanging(null);
  return (
    <div className={styles.page}>
      <h1>{t('walls.title')}</h1>
      <p className={styles.intro}>{t('walls.intro')}</p>
      {shown && <WallAddress {...shown} onDone={forget} />}
      <div className={styles.columns}>
        <Panel title={t('walls.list')} state={stateOf(query, walls, t)}>
          <WallTable walls={walls} changing={changed?.id ?? null} onChange={setChanging} onRevoked={again} />
        </Panel>
        {changed ? (
          <Panel title={t('walls.change.title')}>
            <ChangeWall
              key={changed.id}
              wall={changed}
              onCancel={stop}
              onChanged={() => {
                stop();
                again();
              }}
            />
          </Panel>
        ) : (
          <Panel title={t('walls.new')}>
            <NewWall
              key={shown?.address}
              busy={create.isPending}
              error={create.error}
              onCreate={create.mutate}
            />
          </Panel>
        )}
      </div>
    </div>
  );
}

/** Makes walls; the address of the newest is `shown` until it is forgotten. */
function useNewWall(onMade: () => void) {
  const [shown, setShown] = useState<{ name: string; address: string } | null>(null);
  const create = useMutation({
    mutationFn: (wish: CreateWall) => sendJson('POST', '/api/walls', wish, createdWallSchema),
    // The answer holds the secret; it is not to stay in the cache.
    gcTime: 0,
    onSuccess: ({ wall, address }) => {
      setShown({ name: wall.name, address: location.origin + address });
      create.reset();
      onMade();
    },
  });
  return { create, shown, forget: () => setShown(null) };
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
