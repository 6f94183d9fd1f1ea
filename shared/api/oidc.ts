import * as z from 'zod/mini';

/** GET /api/oidc: whether one can sign in elsewhere, and what the button says */
export const oidcOfferSchema = z.object({ enabled: z.boolean(), label: z.nullable(z.string()) });
export type OidcOffer = z.infer<typeof oidcOfferSchema>;

/** Answer of DELETE /api/session: where the browser goes on to, to end the session of the provider too; `null`: nowhere. */
export const signedOutSchema = z.object({ leaveFor: z.nullable(z.url({ protocol: /^https?$/ })) });

/** Why signing in elsewhere came to nothing; told to the sign-in screen as `/?oidc=refused&why=…`. */
export const oidcRefusals = [
  /** The attempt is older than ten minutes, was used, or is not of this browser. */
  'expired',
  /** The person or the provider said no. */
  'denied',
  /** The provider didn't answer in time or in form. */
  'unreachable',
  /** The provider's answer can't be believed. */
  'invalid-answer',
  'second-factor',
  'no-role',
  'no-agency',
  'bad-name',
  'name-taken',
  'disabled',
  'last-admin',
  'limit-reached',
  'rate-limited',
] as const;
export type OidcRefusal = (typeof oidcRefusals)[number];
