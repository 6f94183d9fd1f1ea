import { useMutation } from '@tanstack/react-query';
import { wallAnswerSchema, type ChangeWall as Changes, type Wall } from '../../shared/api/tokens.ts';
import { sendJson } from '../api/request.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { WallForm } from './WallForm.tsx';
import styles from './WallsPage.module.css';

/** The form for the settings of a wall that is there already. */
export function ChangeWall(props: {
  readonly wall: Wall;
  readonly onChanged: () => void;
  readonly onCancel: () => void;
}) {
  const { wall, onChanged, onCancel } = props;
  const { t } = useT();
  const change = useMutation({
    mutationFn: (changes: Changes) =>
      sendJson('PATCH', `/api/walls/${encodeURIComponent(wall.id)}`, changes, wallAnswerSchema),
    onSuccess: onChanged,
  });
  return (
    <WallForm
      label={t('walls.change.named', { name: wall.name })}
      values={{ name: wall.name, ...wall.settings }}
      busy={change.isPending}
      error={change.error}
      onSubmit={(values) => change.mutate(values)}
    >
      <p className={styles.hint}>{t('walls.change.hint')}</p>
      <div className={styles.buttons}>
        <Button type="submit" tone="primary" aria-busy={change.isPending}>
          {t('walls.save')}
        </Button>
        <Button onClick={onCancel}>{t('walls.cancel')}</Button>
      </div>
    </WallForm>
  );
}
