import * as z from 'zod/mini';
import { sessionSchema } from './schemas.ts';

/** Bodies and answers about sessions and second factors; times are epoch milliseconds. */

/** A code of six digits of an app, or a recovery code. */
export const codeSchema = z.string().check(z.minLength(6, 'expected a code'), z.maxLength(64));
const currentSchema = z.string().check(z.maxLength(256));

/** One session as its user, and who manages it, may see it. */
export const sessionEntrySchema = z.object({
  /** Names it in addresses; opens nothing. */
  id: z.string(),
  createdAt: z.number(),
  lastUsedAt: z.number(),
  expiresAt: z.number(),
  /** Where it was begun from. */
  address: z.string(),
  userAgent: z.string(),
  factor: z.enum(['password', 'totp', 'recovery', 'oidc', '']),
  /** The one that asks. */
  current: z.boolean(),
});
export type SessionEntry = z.infer<typeof sessionEntrySchema>;
/** GET /api/session/list, GET /api/users/:name/sessions. DELETE /api/session/others, /api/users/:name/sessions: `{ ended }` */
export const sessionListSchema = z.object({ sessions: z.array(sessionEntrySchema) });
/** Names a session in an address. */
export const sessionIdSchema = z.string().check(z.regex(/^[0-9a-f]{16}$/, 'expected 16 hex digits'));

/** POST /api/session/second-factor, /api/session/recovery-codes; DELETE /api/session/second-factor */
export const factorProofSchema = z.object({ current: currentSchema, code: z.optional(codeSchema) });
/** Answer of POST /api/session/second-factor, shown once */
export const enrolmentSchema = z.object({ secret: z.string(), uri: z.string() });
export type Enrolment = z.infer<typeof enrolmentSchema>;
/** POST /api/session/second-factor/confirm */
export const confirmFactorSchema = z.object({ code: codeSchema });
/** Recovery codes, shown once: answer of POST /api/session/recovery-codes */
export const recoveryCodesSchema = z.object({ recoveryCodes: z.array(z.string()) });
/** Answer of POST /api/session/second-factor/confirm */
export const enrolledSchema = z.extend(recoveryCodesSchema, { session: sessionSchema });
/** GET /api/session/second-factor */
export const factorStateSchema = z.object({
  enrolled: z.boolean(),
  since: z.nullable(z.number()),
  recoveryCodesLeft: z.int(),
  /** Whether the user may go without. */
  required: z.boolean(),
});
export type FactorState = z.infer<typeof factorStateSchema>;
