import { changePasswordSchema, signInSchema, userNameSchema } from '../../../shared/api/schemas.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { AuditNote } from '../../audit/audit-log.ts';
import type { SignedIn } from '../../auth/begin-session.ts';
import { isOneTimePassword } from '../../auth/passwords.ts';
import type { SignInCode } from '../../auth/sign-in.ts';
import type { Witness } from '../../store/state/change.ts';
import { noteAct, witnessOf } from '../note-act.ts';
import { route } from '../route.ts';
import type { Services } from '../services.ts';

interface Attempt {
  readonly name: string;
  readonly address: string;
}

const attemptBy = ({ name, address }: Attempt, agency: string): Omit<AuditNote, 'action'> => ({
  // What is no name may be a password in the wrong field; a one-time password has the form of a name.
  actor: userNameSchema.safeParse(name).success && !isOneTimePassword(name) ? name : '',
  agency,
  via: 'web',
  address,
});

const sessionWitness =
  ({ audit }: Services, attempt: Attempt): Witness<SignedIn> =>
  (transaction, { session: { user } }) =>
    audit.noteWithin(transaction, { ...attemptBy(attempt, user.agency), action: 'session:begun' });

/** Tells the log of each attempt, and the audit log of each refusal; of those by a limit one a minute and address. */
async function tellAttempt(
  { log, audit, auth }: Services,
  attempt: Attempt,
  result: Result<SignedIn, SignInCode>,
): Promise<void> {
  const { name, address } = attempt;
  if (result.ok) return log({ level: 'info', event: 'session:begun', user: name, address });
  const note = attemptBy(attempt, '');
  const { code } = result;
  // No refusal: every sign-in with a second factor passes here. With none to follow, somebody knows the password only.
  if (code === 'code-required') return audit.note({ ...note, action: 'session:code-asked' });
  const isLimit = code === 'rate-limited' || code === 'busy';
  if (isLimit && !auth.isNews(address)) return undefined;
  log({ level: 'warn', event: 'session:refused', user: note.actor, address, detail: code });
  return audit.note({ ...note, action: 'session:refused', outcome: 'refused', detail: { code } });
}

/** Signing in and out, and one's own password. */
export const sessionRoutes = [
  route({
    method: 'POST',
    path: '/api/session',
    access: 'public',
    personal: 'none',
    body: signInSchema,
    async handle({ body, address, userAgent, cookieHeader, services }) {
      const attempt = { name: body.name, address };
      const result = await services.auth.signIn(
        { ...body, address, userAgent, cookieHeader },
        sessionWitness(services, attempt),
      );
      await tellAttempt(services, attempt, result);
      return result.ok ? ok({ body: result.value.session, cookie: result.value.cookie }) : result;
    },
  }),
  route({
    method: 'GET',
    path: '/api/session',
    access: 'session',
    personal: 'none',
    handle: ({ identity, services }) => ok({ body: services.auth.sessionOf(identity) }),
  }),
  route({
    method: 'DELETE',
    path: '/api/session',
    access: 'session',
    personal: 'none',
    async handle(asked) {
      const { identity, address, services } = asked;
      const witness = witnessOf<void>(asked, () => ({
        action: 'session:ended',
        detail: { reason: 'signed-out' },
      }));
      const provided = await services.auth.providerSessionOf(identity);
      const cookie = await services.auth.signOut(identity, witness);
      services.log({ level: 'info', event: 'session:ended', user: identity.name, address });
      const there = provided && services.oidc ? await services.oidc.signOutThere(provided) : null;
      return ok({
        body: { leaveFor: there?.location ?? null },
        cookie: [cookie, ...(there?.cookie ? [there.cookie] : [])],
      });
    },
  }),
  route({
    method: 'POST',
    path: '/api/session/password',
    access: 'session',
    personal: 'none',
    body: changePasswordSchema,
    async handle(asked) {
      const { identity, body, address, userAgent, services } = asked;
      const result = await services.auth.changePassword(
        identity,
        body,
        { address, userAgent },
        witnessOf(asked, () => ({ action: 'password:changed' })),
      );
      const action = result.ok ? 'password:changed' : 'password:refused';
      const level = result.ok ? 'info' : 'warn';
      const detail = result.ok ? undefined : result.code;
      services.log({ level, event: action, user: identity.name, address, detail });
      if (result.ok) return ok({ body: result.value.session, cookie: result.value.cookie });
      await noteAct(asked, { action, outcome: 'refused', detail: { code: result.code } });
      return result;
    },
  }),
];
