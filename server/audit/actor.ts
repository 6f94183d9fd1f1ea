import type { Identity } from '../auth/identity.ts';
import type { AuditNote } from './audit-log.ts';

const vias = { user: 'web', token: 'token', wall: 'wall' } as const satisfies Record<
  Identity['kind'],
  AuditNote['via']
>;

/** Who did it, as the log tells it: a user, also by a token, under the own name; a wall under `wall NAME`. */
export function actorOf(
  { kind, name, agency }: Pick<Identity, 'kind' | 'name' | 'agency'>,
  address: string,
): Pick<AuditNote, 'actor' | 'agency' | 'via' | 'address'> {
  return { actor: kind === 'wall' ? `wall ${name}` : name, agency, via: vias[kind], address };
}
