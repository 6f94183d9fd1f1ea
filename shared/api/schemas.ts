import * as z from 'zod/mini';
import { alertChangeSchema, alertSchema, languageTextSchema, verdicts } from '../alert.ts';
import { partySchema } from '../party.ts';
import { permissions } from '../authority.ts';
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
const agencyExpected = 'expected 2 to 20 capital letters, digits or dashes';
export const agencyIdSchema = z.string().check(z.regex(/^[A-Z][A-Z0-9-]{1,19}$/, agencyExpected));
export const passwordSchema = z
  .string()
  .check(z.minLength(12, 'expected at least 12 characters'), z.maxLength(256));

/** POST /api/session */
export const signInSchema = z.object({
  name: z.string().check(z.maxLength(100)),
  password: z.string().check(z.maxLength(256)),
  /** Of the second factor, or a recovery code; asked for by `code-required`. */
  code: z.optional(z.string().check(z.maxLength(64))),
});
/** GET and POST /api/session */
export const sessionSchema = z.object({
  user: z.object({ name: z.string(), role: z.enum(roles), agency: z.string() }),
  /** What the user may, and of whom; see `shared/authority.ts`. */
  grants: z.partialRecord(z.enum(permissions), z.enum(['all', 'agency'])),
  /** What must be done before anything else is allowed. */
  due: z.nullable(z.enum(['password', 'second-factor'])),
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
  agency: z.string(),
  /** Whether a second factor is enrolled. */
  secondFactor: z.boolean(),
  disabled: z.boolean(),
  createdAt: z.number(),
  lastSignIn: z.nullable(z.number()),
});
export type User = z.infer<typeof userSchema>;
/** Users by name */
export const userListSchema = z.object({ users: z.array(userSchema) });
/** GET /api/users: the same with the agencies that users may be of */
export const userDirectorySchema = z.extend(userListSchema, {
  agencies: z.array(z.object({ id: z.string(), name: z.string() })),
});
export type UserDirectory = z.infer<typeof userDirectorySchema>;
/** POST /api/users; answered with a one-time password */
export const createUserSchema = z.object({
  name: userNameSchema,
  role: z.enum(roles),
  /** Without one, the first of the configuration. */
  agency: z.optional(agencyIdSchema),
});
export const createdUserSchema = z.object({ user: userSchema, oneTimePassword: z.string() });
/** POST /api/users/:name/password, no body: a new one-time password; answered as a new user is. PATCH /api/users/:name */
export const updateUserSchema = z.object({
  role: z.optional(z.enum(roles)),
  agency: z.optional(agencyIdSchema),
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
const kindCountSchema = z.object({ registered: z.int(), present: z.int() });
/** What the register declares of a party's accounts against those heard; in force is every account that isn't disabled. */
export const reconciliationSchema = z.object({
  /** `undeclared`: the register says nothing, so nothing can be said to be fine. */
  verdict: z.enum(['undeclared', 'matches', 'differs']),
  /** How many accounts the register declares, `null` when it doesn't say. */
  registered: z.nullable(z.int()),
  /** Accounts in force. */
  known: z.int(),
  /** Declared and not in force; empty unless the register names accounts. */
  missing: z.array(z.string()),
  /** In force and not declared; empty unless the register names accounts. */
  unknown: z.array(z.string()),
  /** The numbers of declared accounts and of those in force are not the same. */
  differs: z.boolean(),
});
export type Reconciliation = z.infer<typeof reconciliationSchema>;
/** What the board shows of a party or of an organisation outside the register. */
export const partyFiguresSchema = z.object({
  /** Accounts in force. */
  accounts: z.int(),
  /** When one of its accounts signed in last. */
  lastLogin: z.nullable(z.number()),
  /** Failed and blocked logins of the last hour, by arrival. */
  failuresHour: z.int(),
  locked: z.int(),
  /** Sessions that seem to be open. */
  sessions: z.int(),
});
export type PartyFigures = z.infer<typeof partyFiguresSchema>;
/** GET /api/parties */
export const partyListSchema = z.object({
  parties: z.array(
    z.object({
      ...partyFiguresSchema.shape,
      party: partySchema,
      /** Its accounts are there as the register declares them; undeclared, at least one is. */
      present: z.boolean(),
      /** Whether its accounts are due by today. */
      due: z.boolean(),
      registered: z.nullable(z.int()),
      verdict: z.enum(['undeclared', 'matches', 'differs']),
      missing: z.int(),
      unknown: z.int(),
    }),
  ),
  national: kindCountSchema,
  aceh: kindCountSchema,
  /** Organisations heard that the register doesn't know, at most 20. */
  unknown: z.array(z.string()),
  /** The same with their figures, at most 100. */
  strangers: z.array(z.object({ ...partyFiguresSchema.shape, id: z.string() })),
  /** What a bound left out since the server started; other than 0, the board doesn't know all. */
  overflow: z.int(),
});
export type PartyList = z.infer<typeof partyListSchema>;
/** GET /api/parties/:id */
export const partyAccountSchema = z.object({
  name: z.string(),
  /** From its newest lifecycle event. */
  state: z.enum(['active', 'locked', 'disabled', 'created']),
  /** When it was created, `null` when that was not heard. */
  createdAt: z.nullable(z.number()),
  firstSeen: z.number(),
  lastSeen: z.number(),
  firstLogin: z.nullable(z.number()),
  lastLogin: z.nullable(z.number()),
  /** Where the last login came from. */
  lastLoginAddress: z.nullable(z.string()),
  /** Failed and blocked logins by arrival. */
  failuresHour: z.int(),
  failuresDay: z.int(),
  sessions: z.int(),
  /** Roles as the application said them last, or else as the register declares them. */
  roles: z.nullable(z.string()),
  /** When it last enrolled a second factor; `null` says that none was heard, not that there is none. */
  mfaEnrolledAt: z.nullable(z.number()),
  /** Whether the register names it; `null` when the register names no accounts of its party. */
  registered: z.nullable(z.boolean()),
  /** Declared to be used by more than one person. */
  shared: z.boolean(),
});
export type PartyAccount = z.infer<typeof partyAccountSchema>;
/** One event of an account's life. */
export const accountStepSchema = z.object({
  account: z.string(),
  at: z.number(),
  action: z.string(),
  /** The account that did it, `null` when not said. */
  by: z.nullable(z.string()),
  address: z.nullable(z.string()),
});
export type AccountStep = z.infer<typeof accountStepSchema>;
export const partyDetailSchema = z.object({
  /** `null` for an organisation that the register doesn't know. */
  party: z.nullable(partySchema),
  present: z.boolean(),
  accounts: z.array(partyAccountSchema),
  reconciliation: reconciliationSchema,
  /** Newest first, at most 300. */
  history: z.array(accountStepSchema),
  /** Steps kept; of each account the newest 100 are. */
  historyTotal: z.int(),
  /** An account has as many steps as are kept, so older ones may be missing. */
  historyCut: z.boolean(),
});
export type PartyDetail = z.infer<typeof partyDetailSchema>;

// trend
/** GET /api/trend: `LoginSeries` of the last 24 hours by five minutes. */
