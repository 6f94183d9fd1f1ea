import * as z from 'zod/mini';

/**
 * GET /api/ledger?from&to&source&bucket: what came in by each source, or by one, and whether the books and the event store
 * agree. `bucket` is the length of a column of `minutes` in whole minutes, 1 unless given.
 */

const countsSchema = {
  /** Lines that arrived: `stored + rejected + pending`. */
  received: z.int(),
  stored: z.int(),
  /** Of those stored, the ones that no parser understood. */
  unparsed: z.int(),
  rejected: z.int(),
  /** Of those stored, the ones whose own time lay more than two minutes before their arrival. */
  late: z.int(),
  /** Lines that came again in a batch that was stored already; not among those received. */
  duplicate: z.int(),
};

export const ledgerSourceSchema = z.object({
  source: z.string(),
  ...countsSchema,
  /** Read and not yet durable. */
  pending: z.int(),
  /** Lines that the event store holds, counted there. */
  inStore: z.int(),
  /** `received = stored + rejected + pending`, and the event store holds what was stored. */
  balanced: z.boolean(),
});
export type LedgerSource = z.infer<typeof ledgerSourceSchema>;

export const ledgerMinuteSchema = z.object({
  source: z.string(),
  /** Start of the minute of arrival, or of the column of minutes, epoch ms: a whole multiple of its length. */
  minute: z.number(),
  ...countsSchema,
  inStore: z.int(),
});
export type LedgerMinute = z.infer<typeof ledgerMinuteSchema>;

export const ledgerRejectionSchema = z.object({
  source: z.string(),
  at: z.number(),
  lines: z.int(),
  reason: z.string(),
  sample: z.string(),
});
export type LedgerRejection = z.infer<typeof ledgerRejectionSchema>;

export const ledgerSchema = z.object({
  /** Whole minutes, epoch ms; `to` is excluded. */
  from: z.number(),
  to: z.number(),
  /** From when on the books were kept, epoch ms; what was stored before is not in them. */
  since: z.number(),
  balanced: z.boolean(),
  sources: z.array(ledgerSourceSchema),
  /** By source and minute or column of minutes, the newest `maxLedgerMinutes`, oldest first. */
  minutes: z.array(ledgerMinuteSchema),
  /** Minutes in which books and event store differ, at most 100. */
  differences: z.array(ledgerMinuteSchema),
  /** The newest rejections of the range, newest first, at most 100. */
  rejections: z.array(ledgerRejectionSchema),
});
export type Ledger = z.infer<typeof ledgerSchema>;

export const maxLedgerMinutes = 6_000;
export const maxLedgerListed = 100;
/** Longest column, minutes: a week. */
export const maxLedgerBucket = 10_080;
