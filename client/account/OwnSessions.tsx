import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { sessionListSchema } from '../../shared/api/sessions.ts';
import { errorText } from '../api/error-text.ts';
import { getJson, sendJson } from '../api/request.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { Panel, type PanelState } from '../ui/Panel.tsx';
import styles from './Account.module.css';
import { SessionTable } from './SessionTable.tsx';

const queryKey = ['own-sessions'];

/** One's own sessions; each but this one can be ended. */
export function OwnSessions() {
  const { t } = useT();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => getJson('/api/session/list', sessionListSchema, signal),
  });
  const end = useMutation({
    mutationFn: (path: string) => sendJson('DELETE', path, undefined, null),
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
  const sessions = query.data?.sessions ?? [];
  const state: PanelState = query.error
    ? { kind: 'error', text: errorText(query.error, t), retry: () => void query.refetch() }
    : { kind: query.data ? 'ready' : 'loading' };
  const endOthers = sessions.length > 1 && (
    <Button onClick={() => end.mutate('/api/session/others')}>{t('sessions.endOthers')}</Button>
  );
  return (
    <Panel title={t('sessions.title')} state={state} aside={endOthers}>
      {end.error && (
        <p role="alert" className={styles.alert}>
          {errorText(end.error, t)}
        </p>
      )}
      <SessionTable sessions={sessions} onEnd={(id) => end.mutate(`/api/session/list/${id}`)} />
    </Panel>
  );
}
