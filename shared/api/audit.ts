import * as z from 'zod/mini';

/** The audit log as the API tells it. Times are epoch milliseconds. */

export const auditOutcomes = ['done', 'refused'] as const;

/** One act. Every text may be hostile. */
export const auditEntrySchema = z.object({
  seq: z.int(),
  at: z.number(),
  actor: z.string(),
  agency: z.string(),
  /** `web`, `token`, `wall`, `command line` or `system`. */
  via: z.string(),
  /** `noun:past`. */
  action: z.string(),
  outcome: z.string(),
  target: z.string(),
  address: z.string(),
  /** What else there is to know, `before` and `after` among it. */
  detail: z.record(z.string(), z.unknown()),
  hash: z.string(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

export const auditPageSchema = z.object({
  /** Newest first. */
  entries: z.array(auditEntrySchema),
  /** Pass as `before` for older ones, also when this page is short; `null` at the end. */
  next: z.nullable(z.int()),
});
export type AuditPage = z.infer<typeof auditPageSchema>;

/** What the last walk through the chain came to. */
export const chainStateSchema = z.discriminatedUnion('kind', [
  /** The first walk is under way. */
  z.object({ kind: z.literal('unchecked') }),
  z.object({ kind: z.literal('unbroken'), at: z.number(), rows: z.int() }),
  z.object({ kind: z.literal('broken'), at: z.number(), brokenAt: z.int(), reason: z.string() }),
  /** It could not be walked; `at` is when that was tried. */
  z.object({ kind: z.literal('failed'), at: z.number() }),
]);
export type ChainState = z.infer<typeof chainStateSchema>;

/** How the heads get out of this machine. */
export const headExportStateSchema = z.object({
  kind: z.enum(['none', 'file', 'webhook']),
  /** When one got out last. */
  lastAt: z.nullable(z.number()),
  failingSince: z.nullable(z.number()),
  error: z.nullable(z.string()),
  /** Heads that wait to be told. */
  waiting: z.int(),
  /** Heads that were never told: too many waited. */
  dropped: z.int(),
});
export type HeadExportState = z.infer<typeof headExportStateSchema>;

export const auditStateSchema = z.object({
  chain: chainStateSchema,
  heads: headExportStateSchema,
  /** Acts that the store didn't take, since when; `null` while it takes them. */
  failure: z.nullable(z.object({ since: z.number(), lost: z.int() })),
});
export type AuditState = z.infer<typeof auditStateSchema>;

/** GET /api/audit?from&to&actor&action&outcome&agency&before&limit */
export const auditAnswerSchema = z.object({ ...auditPageSchema.shape, state: auditStateSchema });
export type AuditAnswer = z.infer<typeof auditAnswerSchema>;

/** GET /api/audit/head */
export const auditHeadSchema = z.object({
  at: z.number(),
  seq: z.int(),
  hash: z.string(),
  count: z.int(),
});
export type TimedHead = z.infer<typeof auditHeadSchema>;
