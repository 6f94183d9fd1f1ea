import * as z from 'zod/mini';
import { alertChangeSchema, alertSchema, languageTextSchema, verdicts } from '../alert.ts';
import { partySchema } from '../party.ts';
import { roles } from '../role.ts';

/** Bodies and answers of the HTTP API; one group a resource. Times are epoch milliseconds. */

/** Every refusal has this form; `code` is stable, `message` is English for people. */
export const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

// session
export const userNameSchema = z
  .string()
  .check(
    z.regex(
      /^[a-z0-9][a-z0-9._-]{1,39}$/,
      'expected 2 to 40 small letters, digits, dots, dashes or underscores',
    ),
  );
export const passwordSchema = z
  .string()
  .check(z.minLength(12, 'expected at least 12 characters'), z.maxLength(256));

/** POST /api/session */
export const signInSchema = z.object({
  name: z.string().check(z.maxLength(100)),
  password: z.string().check(z.maxLength(256)),
});
/** GET and POST /api/session */
export const sessionSchema = z.object({
  user: z.object({ name: z.string(), role: z.enum(roles) }),
  /** True until the one-time password is replaced; nothing else is allowed before. */
  mustChangePassword: z.boolean(),
  expiresAt: z.number(),
});
export type Session = z.infer<typeof sessionSchema>;
/** POST /api/session/password */
export const changePasswordSchema = z.object({
  current: z.string().check(z.maxLength(256)),
  next: passwordSchema,
});

// users (admin)
export const userSchema = z.object({
  name: z.string(),
  role: z.enum(roles),
  disabled: z.boolean(),
  createdAt: z.number(),
  lastSignIn: z.nullable(z.number()),
});
export type User = z.infer<typeof userSchema>;
/** GET /api/users */
export const userListSchema = z.object({ users: z.array(userSchema) });
/** POST /api/users; answered with a one-time password */
export const createUserSchema = z.object({ name: userNameSchema, role: z.enum(roles) });
export const createdUserSchema = z.object({ user: userSchema, oneTimePassword: z.string() });
/** POST /api/users/:name/password, no body: a new one-time password; answered as a new user is. PATCH /api/users/:name */
export const updateUserSchema = z.object({
  role: z.optional(z.enum(roles)),
  disabled: z.optional(z.boolean()),
});

// alerts
/** GET /api/alerts?status=open|closed|all&limit= */
export const alertListSchema = z.object({ alerts: z.array(alertSchema), total: z.int() });
/** GET /api/alerts/:id */
export const alertDetailSchema = z.object({
  alert: alertSchema,
  history: z.array(alertChangeSchema),
  /** What to do first, from the rule; `null` when the rule says nothing. */
  response: z.nullable(languageTextSchema),
  description: z.nullable(languageTextSchema),
  falsePositives: z.object({ id: z.array(z.string()), en: z.array(z.string()) }),
});
export type AlertDetail = z.infer<typeof alertDetailSchema>;
/** POST /api/alerts/:id/acknowledge, /reopen: no body, answer `{ alert }`. POST /api/alerts/:id/close */
export const closeAlertSchema = z.object({
  verdict: z.enum(verdicts),
  reason: z
    .string()
    .check(z.trim(), z.minLength(3, 'expected a reason of at least 3 characters'), z.maxLength(2_000)),
});
export const alertAnswerSchema = z.object({ alert: alertSchema });

// events
/** GET /api/events?from&to&filter&text&limit&before: newest first */
export const storedEventSchema = z.record(z.string(), z.nullable(z.union([z.string(), z.number()])));
export type StoredEvent = z.infer<typeof storedEventSchema>;
export const eventListSchema = z.object({
  events: z.array(storedEventSchema),
  /** All that match, not only those sent. */
  total: z.int(),
  /** Pass as `before` for the next page; `null` on the last. */
  next: z.nullable(z.string()),
  tookMs: z.number(),
});
export type EventList = z.infer<typeof eventListSchema>;
/** GET /api/events/histogram?from&to&filter&text: logins by result, and every other event */
export const histogramSchema = z.object({
  bucketMs: z.int(),
  at: z.array(z.number()),
  success: z.array(z.int()),
  failure: z.array(z.int()),
  blocked: z.array(z.int()),
  other: z.array(z.int()),
  tookMs: z.number(),
});
export type Histogram = z.infer<typeof histogramSchema>;
/** GET /api/events/top?field=…: most frequent values, at most 10, and how many distinct there are */
export const topValuesSchema = z.object({
  field: z.string(),
  values: z.array(z.object({ value: z.string(), count: z.int() })),
  distinct: z.int(),
});
export type TopValues = z.infer<typeof topValuesSchema>;

// parties
/** GET /api/parties */
export const partyListSchema = z.object({
  parties: z.array(z.object({ party: partySchema, present: z.boolean(), accounts: z.int() })),
  /** Organisations heard that the register doesn't know. */
  unknown: z.array(z.string()),
});
export type PartyList = z.infer<typeof partyListSchema>;
/** GET /api/parties/:id */
export const partyAccountSchema = z.object({
  name: z.string(),
  /** From its newest lifecycle event. */
  state: z.enum(['active', 'locked', 'disabled', 'created']),
  firstSeen: z.number(),
  lastSeen: z.number(),
  lastLogin: z.nullable(z.number()),
});
export const partyDetailSchema = z.object({
  /** `null` for an organisation that the register doesn't know. */
  party: z.nullable(partySchema),
  present: z.boolean(),
  accounts: z.array(partyAccountSchema),
});
export type PartyDetail = z.infer<typeof partyDetailSchema>;

// trend
/** GET /api/trend: `LoginSeries` of the last 24 hours by five minutes. */
