import type { CreateWall } from '../../shared/api/tokens.ts';
import { Field } from '../app/Field.tsx';
import { formText } from '../app/form-text.ts';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import { WallForm, type WallValues } from './WallForm.tsx';

const usual: WallValues = { name: '', diagonalInch: 55, distanceM: 5, detail: 'titles', network: [] };

function endOf(all: FormData): number | null {
  const until = formText(all, 'expires');
  return until === '' ? null : new Date(until).getTime();
}

/** The form for a new wall. */
export function NewWall(props: {
  readonly busy: boolean;
  readonly error: Error | null;
  readonly onCreate: (wish: CreateWall) => void;
}) {
  const { busy, error, onCreate } = props;
  const { t } = useT();
  return (
    <WallForm
      label={t('walls.new')}
      values={usual}
      busy={busy}
      error={error}
      onSubmit={(values, all) => onCreate({ ...values, expiresAt: endOf(all) })}
    >
      <Field label={t('walls.expires')} name="expires" type="datetime-local" required={false} />
      <Button type="submit" tone="primary" aria-busy={busy}>
        {t('walls.create')}
      </Button>
    </WallForm>
  );
}
