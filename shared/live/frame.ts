import * as z from 'zod/mini';

/** Login attempts by how they ended. */
const loginCountsSchema = z.object({ success: z.int(), failure: z.int(), blocked: z.int() });
export type LoginCounts = z.infer<typeof loginCountsSchema>;

const sourceHealthSchema = z.object({
  id: z.string(),
  kind: z.enum(['file', 'http', 'syslog', 'import']),
  /** Lines of this second. */
  received: z.int(),
  /** Since the server started. */
  totals: z.object({
    received: z.int(),
    stored: z.int(),
    unparsed: z.int(),
    rejected: z.int(),
    /** Lines whose own time lay more than two minutes before their arrival. */
    late: z._default(z.int(), 0),
    /** Lines that came again in a batch that was stored already; not among those received. */
    duplicate: z._default(z.int(), 0),
  }),
  /** How far the own time of the newest line lay before its arrival, ms; `null` before a line had one. */
  lagMs: z._default(z.nullable(z.number()), null),
  /** Bytes of files that are there and not read yet; `null` where nobody can tell. */
  behindBytes: z._default(z.nullable(z.number()), null),
  /** Received, and not yet durable. */
  pending: z.int(),
  /** When its newest line arrived, epoch ms; `null` before the first. */
  lastHeard: z.nullable(z.number()),
  /** True once it has been quiet for longer than it may be. */
  silent: z.boolean(),
  /** What is wrong with it in a word of the catalogue's `source.fault.*`, `null` when nothing is. */
  fault: z.nullable(z.enum(['missing', 'unreadable', 'store', 'overloaded'])),
});
export type SourceHealth = z.infer<typeof sourceHealthSchema>;

/** Whether the books of the hour before `at` (epoch ms) and the event store agreed. */
const ledgerCheckSchema = z.object({ balanced: z.boolean(), at: z.number() });
export type LedgerCheck = z.infer<typeof ledgerCheckSchema>;

const kindCountSchema = z.object({ registered: z.int(), present: z.int() });

/** Why the picture can't be trusted fully; any of them forbids the word NORMAL. */
const coverageHoleSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('source-silent'), source: z.string(), since: z.nullable(z.number()) }),
  z.object({ kind: z.literal('source-fault'), source: z.string() }),
  z.object({ kind: z.literal('store-failing'), since: z.number() }),
  z.object({ kind: z.literal('ledger-off'), since: z.number() }),
  z.object({ kind: z.literal('detector-capped'), rule: z.string() }),
  z.object({ kind: z.literal('rule-faulty'), rule: z.string() }),
]);
export type CoverageHole = z.infer<typeof coverageHoleSchema>;

/** One second of the system as Siaga heard it (by arrival, not by the source's clock). Broadcast live and stored as it is. */
export const frameSchema = z.object({
  /** Grows by one each frame, across restarts. */
  seq: z.int(),
  /** End of the second, epoch ms of the server's clock, a multiple of 1,000. */
  at: z.number(),
  events: z.int(),
  unparsed: z.int(),
  signals: z.int(),
  logins: loginCountsSchema,
  /** Parties with login attempts in this second: id, success, failure, blocked. */
  parties: z.array(z.tuple([z.string(), z.int(), z.int(), z.int()])),
  /** Failed and blocked logins of the last hour by party, zeros left out. */
  partyFailures: z.record(z.string(), z.int()),
  /** Addresses with the most failed and blocked logins of the last 15 minutes, most first, at most 10. */
  topFailures: z.array(z.tuple([z.string(), z.int()])),
  /** Parties of the register whose accounts are due, and those of them whose accounts were heard as the register declares them. */
  accounts: z.object({
    national: kindCountSchema,
    aceh: kindCountSchema,
    /** Ids of due parties of which no account is in force. */
    absent: z.array(z.string()),
    /** Ids of due parties whose accounts were heard, but not as the register declares them; older frames don't say. */
    differs: z.optional(z.array(z.string())),
    /** Organisation ids heard that the register doesn't know, at most 20. */
    unknown: z.array(z.string()),
  }),
  sources: z.array(sourceHealthSchema),
  coverage: z.array(coverageHoleSchema),
  /** The last check of the books, made each minute; absent before the first, and when none succeeded for five minutes. */
  ledger: z.optional(ledgerCheckSchema),
  /** Failed and blocked logins a minute: usual low and high (10th and 90th percentile of 24 h), `null` before an hour is known. */
  usualFailures: z.nullable(z.tuple([z.number(), z.number()])),
  /** Newest `@timestamp` heard that is not in the future, epoch ms; `null` before the first event. */
  watermark: z.nullable(z.number()),
});

export type Frame = z.infer<typeof frameSchema>;

/** Login attempts over time in columns of equal length; `at` is the start of each bucket, epoch ms. Where nothing was heard all are 0 and mean nothing. */
export const loginSeriesSchema = z.object({
  bucketMs: z.int(),
  at: z.array(z.number()),
  success: z.array(z.int()),
  failure: z.array(z.int()),
  blocked: z.array(z.int()),
  events: z.array(z.int()),
  /** Seconds of the bucket that were heard (frames). */
  heard: z.array(z.int()),
});

export type LoginSeries = z.infer<typeof loginSeriesSchema>;
