import * as z from 'zod/mini';
import { oidcOfferSchema, type OidcRefusal } from '../../../shared/api/oidc.ts';
import { fail, ok } from '../../../shared/result.ts';
import { backChannelPath } from '../../auth/oidc/back-channel.ts';
import { callbackParameters, type OidcWitness, type Refused } from '../../auth/oidc/oidc.ts';
import { callbackPath } from '../../auth/oidc/redeem.ts';
import { signedOutPath } from '../../auth/oidc/sign-out.ts';
import type { EndedByProvider } from '../../auth/provider-sessions.ts';
import type { Witness } from '../../store/state/change.ts';
import { route, type Outcome, type RawRequest } from '../route.ts';

/** Longest parameter of the way back, characters; a code or a state is far shorter. */
const maxParameterLength = 4_096;
/** Longest logout token, characters. */
const maxLogoutToken = 8_192;
const parameter = z.string().check(z.maxLength(maxParameterLength));

const nextQuery = {
  names: ['next'],
  schema: z.object({ next: z._default(parameter, '/') }),
};
const signedOutQuery = { names: ['state'], schema: z.object({ state: z._default(parameter, '') }) };
const logoutTokenSchema = z.object({ logout_token: z.string().check(z.maxLength(maxLogoutToken)) });
const callbackQuery = { names: callbackParameters, schema: z.record(z.string(), parameter) };

type From = Pick<RawRequest, 'address' | 'services'>;

/** Signing in by the provider of the configuration; the answers are redirects, since a browser asks by navigating. */
export const oidcRoutes = [
  route({
    method: 'GET',
    path: '/api/oidc',
    access: 'public',
    personal: 'none',
    handle: ({ services }) =>
      ok({ body: oidcOfferSchema.parse(services.oidc?.offer ?? { enabled: false, label: null }) }),
  }),
  route({
    method: 'GET',
    path: '/api/oidc/begin',
    access: 'public',
    personal: 'none',
    query: nextQuery,
    async handle({ query: { next }, services, address, userAgent, cookieHeader }) {
      if (!services.oidc) return fail('not-found', 'no such thing');
      if (!services.isScreenPath(next)) return fail('invalid', 'query.next: expected the path of a screen');
      const result = await services.oidc.begin({ next, address, userAgent, cookieHeader });
      if (result.ok)
        return ok({ body: undefined, location: result.value.location, cookie: result.value.cookie });
      services.log({ level: 'warn', event: 'session:refused', address, detail: `oidc: ${result.code}` });
      return refusedAt(result.code);
    },
  }),
  route({
    method: 'GET',
    path: callbackPath,
    access: 'public',
    personal: 'none',
    query: callbackQuery,
    async handle({ query: parameters, services, address, userAgent, cookieHeader }) {
      if (!services.oidc) return fail('not-found', 'no such thing');
      const result = await services.oidc.finish(
        { parameters, address, userAgent, cookieHeader },
        witnessOf({ services, address }),
      );
      if (!result.ok) {
        await noteRefused({ services, address }, result);
        return refusedAt(result.code, result.cookie);
      }
      const { name } = result.value.signedIn;
      services.log({ level: 'info', event: 'session:begun', user: name, address, detail: 'oidc' });
      return ok({ body: undefined, location: result.value.next, cookie: result.value.cookies });
    },
  }),
  route({
    method: 'GET',
    path: signedOutPath,
    access: 'public',
    personal: 'none',
    query: signedOutQuery,
    handle({ query: { state }, services, cookieHeader }) {
      if (!services.oidc) return fail('not-found', 'no such thing');
      const { isOurs, cookie } = services.oidc.signedOutThere(cookieHeader, state);
      return ok({ body: undefined, location: isOurs ? '/?oidc=signed-out' : '/', cookie });
    },
  }),
  route({
    method: 'POST',
    path: backChannelPath,
    access: 'public',
    personal: 'none',
    form: true,
    body: logoutTokenSchema,
    async handle({ body, services, address }) {
      if (!services.oidc) return fail('not-found', 'no such thing');
      const witness = endedWitness({ services, address });
      const result = await services.oidc.endByToken(body.logout_token, address, witness);
      if (!result.ok) return result;
      if (result.value !== null && result.value.ended > 0)
        services.log({
          level: 'info',
          event: 'session:ended',
          user: result.value.name,
          address,
          detail: 'oidc',
        });
      return ok({ body: undefined });
    },
  }),
];

/** The sign-in screen, which says why. */
function refusedAt(why: OidcRefusal, cookie: string | null = null): Outcome {
  const location = `/?oidc=refused&why=${why}`;
  return ok({ body: undefined, location, ...(cookie === null ? {} : { cookie }) });
}

const endedWitness =
  ({ services: { audit }, address }: From): Witness<EndedByProvider> =>
  async (transaction, { name, agency, ended }) => {
    // The provider also tells of what was ended here first.
    if (ended === 0) return;
    const by = { actor: '', agency, via: 'web', address } as const;
    const detail = { by: 'oidc', ended };
    await audit.noteWithin(transaction, { ...by, action: 'sessions:ended', target: `user ${name}`, detail });
  };

async function noteRefused({ services, address }: From, { code, subject }: Refused): Promise<void> {
  services.log({ level: 'warn', event: 'session:refused', address, detail: `oidc: ${code}` });
  // Beyond the limit nobody may fill the log that is never cut.
  if (code === 'rate-limited') return;
  await services.audit.note({
    actor: '',
    agency: '',
    via: 'web',
    action: 'session:refused',
    outcome: 'refused',
    address,
    detail: { factor: 'oidc', why: code, ...(subject === null ? {} : { subject }) },
  });
}

/** Notes what the provider's word did, in the transaction that did it. */
const witnessOf =
  ({ services: { audit }, address }: From): OidcWitness =>
  async (transaction, act, subject) => {
    if (act.kind === 'shut-out') {
      const { name, agency } = act;
      const detail = { by: 'oidc', subject, why: 'last-admin' };
      const target = `user ${name}`;
      const by = { actor: name, agency, via: 'web', address } as const;
      return audit.noteWithin(transaction, { ...by, action: 'sessions:ended', target, detail });
    }
    const { name, role, agency, change } = act.signedIn;
    const by = { actor: name, agency, via: 'web', address } as const;
    const what = { target: `user ${name}`, detail: { by: 'oidc', subject, after: { role, agency } } };
    if (change === 'created') await audit.noteWithin(transaction, { ...by, action: 'user:created', ...what });
    else if (change !== null) {
      const { target, detail } = what;
      const changed = { target, detail: { ...detail, before: change } };
      await audit.noteWithin(transaction, { ...by, action: 'user:updated', ...changed });
    }
    const detail = { factor: 'oidc', subject };
    return audit.noteWithin(transaction, { ...by, action: 'session:begun', detail });
  };
