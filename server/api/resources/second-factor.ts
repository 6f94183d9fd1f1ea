import { confirmFactorSchema, factorProofSchema } from '../../../shared/api/sessions.ts';
import type { AuditAction } from '../../../shared/audit-actions.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { FactorCode } from '../../auth/second-factor.ts';
import { noteAct, witnessOf, type Asked } from '../note-act.ts';
import { route } from '../route.ts';

/** Tells what came of it; an act that was done has been noted as it was done. */
async function told<T>(
  asked: Asked,
  action: AuditAction,
  result: Result<T, FactorCode>,
): Promise<Result<T, FactorCode>> {
  const { identity, address, services } = asked;
  const detail = result.ok ? undefined : result.code;
  const level = result.ok ? 'info' : 'warn';
  services.log({ level, event: result.ok ? action : 'factor:refused', user: identity.name, address, detail });
  if (!result.ok) await noteAct(asked, { action, outcome: 'refused', detail: { code: result.code } });
  return result;
}

const witness = (asked: Asked, action: AuditAction) => witnessOf<unknown>(asked, () => ({ action }));

/** A user's own second factor. */
export const secondFactorRoutes = [
  route({
    method: 'GET',
    path: '/api/session/second-factor',
    access: 'session',
    personal: 'none',
    handle: async ({ identity, services }) => ok({ body: await services.auth.factorState(identity) }),
  }),
  route({
    method: 'POST',
    path: '/api/session/second-factor',
    access: 'session',
    personal: 'none',
    body: factorProofSchema,
    async handle(asked) {
      const { identity, body, services } = asked;
      const begun = await services.auth.beginEnrolment(identity, body, witness(asked, 'factor:begun'));
      const result = await told(asked, 'factor:begun', begun);
      return result.ok ? ok({ body: result.value }) : result;
    },
  }),
  route({
    method: 'POST',
    path: '/api/session/second-factor/confirm',
    access: 'session',
    personal: 'none',
    body: confirmFactorSchema,
    async handle(asked) {
      const { identity, body, address, userAgent, services } = asked;
      const confirmed = await services.auth.confirmEnrolment(
        identity,
        body.code,
        { address, userAgent },
        witness(asked, 'factor:enrolled'),
      );
      const result = await told(asked, 'factor:enrolled', confirmed);
      if (!result.ok) return result;
      const { recoveryCodes, session, cookie } = result.value;
      return ok({ body: { recoveryCodes, session }, cookie });
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/session/second-factor',
    access: 'session',
    personal: 'none',
    body: factorProofSchema,
    async handle(asked) {
      const { identity, body, address, userAgent, services } = asked;
      const removed = await services.auth.removeFactor(
        identity,
        body,
        { address, userAgent },
        witness(asked, 'factor:removed'),
      );
      const result = await told(asked, 'factor:removed', removed);
      return result.ok ? ok({ body: result.value.session, cookie: result.value.cookie }) : result;
    },
  }),
  route({
    method: 'POST',
    path: '/api/session/recovery-codes',
    access: 'session',
    personal: 'none',
    body: factorProofSchema,
    async handle(asked) {
      const { identity, body, services } = asked;
      const action = 'recovery-codes:renewed';
      const renewed = await services.auth.renewRecoveryCodes(identity, body, witness(asked, action));
      const result = await told(asked, action, renewed);
      return result.ok ? ok({ body: result.value }) : result;
    },
  }),
];
