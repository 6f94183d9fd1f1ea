import type { AuditAction } from '../../shared/audit-actions.ts';
import { actorOf } from '../audit/actor.ts';
import type { AuditDetail } from '../audit/audit-log.ts';
import type { Identity } from '../auth/auth.ts';
import type { Witness } from '../store/state/change.ts';
import type { Services } from './services.ts';

/** A known caller and what serves it. */
export interface Asked {
  readonly identity: Identity;
  readonly address: string;
  readonly services: Services;
}

interface Act {
  readonly action: AuditAction;
  readonly outcome?: 'done' | 'refused';
  readonly target?: string;
  readonly detail?: AuditDetail;
}

/** Writes an act that changed nothing, such as a refused one, into the audit log; rejects when the store can't. */
export const noteAct = ({ identity, address, services }: Asked, act: Act): Promise<void> =>
  services.audit.note({ ...actorOf(identity, address), ...act });

/** Notes an act in the transaction that takes it: nothing is done of which the audit log doesn't know. */
export const witnessOf =
  <T>({ identity, address, services }: Asked, actOf: (done: T) => Act): Witness<T> =>
  (transaction, done) =>
    services.audit.noteWithin(transaction, { ...actorOf(identity, address), ...actOf(done) });
