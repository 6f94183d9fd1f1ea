import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { sessionSchema, type Session } from '../../shared/api/schemas.ts';
import {
  enrolledSchema,
  enrolmentSchema,
  recoveryCodesSchema,
  type Enrolment,
} from '../../shared/api/sessions.ts';
import { sendJson } from '../api/request.ts';
import { EntryCard } from '../app/EntryCard.tsx';
import { sessionKey, signOut } from '../state/session.ts';
import { useT } from '../state/use-t.ts';
import { ConfirmForm } from './ConfirmForm.tsx';
import { factorQuery } from './factor-query.ts';
import { ProofForm, type Proof } from './ProofForm.tsx';
import { RecoveryCodes } from './RecoveryCodes.tsx';

/** What is done with the second factor. */
export type FactorJob = 'enrol' | 'remove' | 'renew';

/** Codes to be shown, and the session that goes on after them. */
interface Shown {
  readonly codes: readonly string[];
  readonly session: Session | null;
}

const titleOf = (job: FactorJob, isEnrolled: boolean) =>
  job === 'enrol' && isEnrolled ? 'factor.replace' : (`factor.${job}` as const);

const factorPath = '/api/session/second-factor';

/**
 * The steps of a change of one's second factor, in place of the screens: such a change renews the session. `forced`: before
 * the first use, with signing out as the only other way.
 */
export function FactorCard(props: {
  readonly job: FactorJob;
  readonly forced?: boolean;
  readonly onDone?: () => void;
}) {
  const { job, forced = false, onDone } = props;
  const { t } = useT();
  const queries = useQueryClient();
  const state = useQuery(factorQuery);
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);

  const finish = (session: Session | null): void => {
    queries.removeQueries({ queryKey: factorQuery.queryKey });
    if (session) queries.setQueryData(sessionKey, session);
    onDone?.();
  };
  const prove = useMutation({
    mutationFn: async (proof: Proof) => {
      if (job === 'enrol') setEnrolment(await sendJson('POST', factorPath, proof, enrolmentSchema));
      else if (job === 'remove') finish(await sendJson('DELETE', factorPath, proof, sessionSchema));
      else {
        const answer = await sendJson('POST', '/api/session/recovery-codes', proof, recoveryCodesSchema);
        setShown({ codes: answer.recoveryCodes, session: null });
      }
    },
  });
  const confirm = useMutation({
    mutationFn: async (code: string) => {
      const answer = await sendJson('POST', `${factorPath}/confirm`, { code }, enrolledSchema);
      setShown({ codes: answer.recoveryCodes, session: answer.session });
    },
  });
  const leave = useMutation({
    mutationFn: async () => (forced ? signOut(queries) : onDone?.()),
  });
  const cancelText = t(forced ? 'user.signOut' : 'password.cancel');
  const isEnrolled = state.data?.enrolled ?? job !== 'enrol';

  return (
    <EntryCard
      title={t(titleOf(job, isEnrolled))}
      intro={shown ? '' : t(forced ? 'factor.enrol.forced' : `factor.${job}.intro`)}
    >
      {shown ? (
        <RecoveryCodes codes={shown.codes} onKept={() => finish(shown.session)} />
      ) : enrolment ? (
        <ConfirmForm
          enrolment={enrolment}
          busy={confirm.isPending}
          error={confirm.error ?? leave.error}
          cancelText={cancelText}
          onCancel={() => leave.mutate()}
          onCode={(code) => confirm.mutate(code)}
        />
      ) : (
        <ProofForm
          needsCode={isEnrolled}
          busy={prove.isPending}
          error={prove.error ?? leave.error}
          cancelText={cancelText}
          onProof={(proof) => prove.mutate(proof)}
          onCancel={() => leave.mutate()}
        />
      )}
    </EntryCard>
  );
}
