import { confirmFactorSchema, factorProofSchema } from '../../../shared/api/sessions.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { FactorCode } from '../../auth/second-factor.ts';
import { noteAct } from '../note-act.ts';
import { route } from '../route.ts';

type Asked = Parameters<typeof noteAct>[0];

/** Notes what came of it: `factor:enrolled` and the like, refused ones with their code. */
async function noted<T>(
  asked: Asked,
  action: string,
  result: Result<T, FactorCode>,
): Promise<Result<T, FactorCode>> {
  const { identity, address, services } = asked;
  const detail = result.ok ? undefined : result.code;
  const level = result.ok ? 'info' : 'warn';
  services.log({ level, event: result.ok ? action : 'factor:refused', user: identity.name, address, detail });
  await noteAct(
    asked,
    result.ok ? { action } : { action, outcome: 'refused', detail: { code: result.code } },
  );
  return result;
}

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
      const begun = await asked.services.auth.beginEnrolment(asked.identity, asked.body);
      const result = await noted(asked, 'factor:begun', begun);
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
      const confirmed = await services.auth.confirmEnrolment(identity, body.code, { address, userAgent });
      const result = await noted(asked, 'factor:enrolled', confirmed);
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
      const removed = await services.auth.removeFactor(identity, body, { address, userAgent });
      const result = await noted(asked, 'factor:removed', removed);
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
      const renewed = await asked.services.auth.renewRecoveryCodes(asked.identity, asked.body);
      const result = await noted(asked, 'recovery-codes:renewed', renewed);
      return result.ok ? ok({ body: result.value }) : result;
    },
  }),
];
