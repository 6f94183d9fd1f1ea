import type { AuditDetail } from '../audit/audit-log.ts';
import type { Identity } from '../auth/auth.ts';
import type { Services } from './services.ts';

interface Act {
  readonly action: string;
  readonly outcome?: 'done' | 'refused';
  readonly target?: string;
  readonly detail?: AuditDetail;
}

const vias = { user: 'web', token: 'token', wall: 'wall' } as const;

/** Writes an act of a known caller into the audit log; rejects when the store can't, so that nothing is done unseen. */
export const noteAct = (
  asked: { readonly identity: Identity; readonly address: string; readonly services: Services },
  act: Act,
): Promise<void> => {
  const { identity, address, services } = asked;
  const { name: actor, agency, kind } = identity;
  return services.audit.note({ actor, agency, via: vias[kind], address, ...act });
};
