import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { sessionListSchema } from '../../shared/api/sessions.ts';
import { SessionTable } from '../account/SessionTable.tsx';
import { errorText } from '../api/error-text.ts';
import { getJson, sendJson } from '../api/request.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { Panel, type PanelState } from '../ui/Panel.tsx';

/** The sessions of a user; each and all can be ended. */
export function UserSessions(props: { readonly name: string }) {
  const { name } = props;
  const { t } = useT();
  const queries = useQueryClient();
  const path = `/api/users/${encodeURIComponent(name)}/sessions`;
  const queryKey = ['user-sessions', name];
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => getJson(path, sessionListSchema, signal),
  });
  const end = useMutation({
    mutationFn: (what: string) => sendJson('DELETE', what, undefined, null),
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
  const sessions = query.data?.sessions ?? [];
  const error = query.error ?? end.error;
  const state: PanelState = error
    ? { kind: 'error', text: errorText(error, t), retry: () => void query.refetch() }
    : { kind: query.data ? 'ready' : 'loading' };
  const endAll = sessions.length > 0 && (
    <Button onClick={() => end.mutate(path)}>{t('sessions.endAll')}</Button>
  );
  return (
    <Panel title={t('sessions.of', { name })} state={state} aside={endAll}>
      <SessionTable sessions={sessions} onEnd={(id) => end.mutate(`${path}/${id}`)} />
    </Panel>
  );
}
