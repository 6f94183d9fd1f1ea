import type { IdentityHeaders } from '../auth/auth.ts';
import type { Services } from './services.ts';

/** Notes a token that nobody is let in by, unless enough of them were noted; nothing waits for it. */
export function noteRefusedToken(
  headers: IdentityHeaders,
  { auth, audit, log }: Pick<Services, 'auth' | 'audit' | 'log'>,
): void {
  const refused = auth.tokens.refusalOf(headers);
  if (!refused) return;
  const { reason, name, owner, agency } = refused;
  audit
    .note({
      actor: name === '' ? '' : `token ${name}`,
      agency,
      via: 'token',
      action: 'token:refused',
      outcome: 'refused',
      target: name === '' ? '' : `token ${name}`,
      address: headers.address ?? '',
      detail: owner === '' ? { reason } : { reason, owner },
    })
    .catch((error: unknown) => log({ level: 'error', event: 'audit:failed', detail: String(error) }));
}
