import * as z from 'zod/mini';

/** ISO severity words, least first; the number is what the glyph shows (1 is worst). */
export const severities = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

export const alertStatuses = ['new', 'acknowledged', 'in_progress', 'closed'] as const;
export type AlertStatus = (typeof alertStatuses)[number];

/** Why an alert was closed; `reason` in words is always asked for too. */
export const verdicts = ['true_positive', 'benign', 'false_positive'] as const;
export type Verdict = (typeof verdicts)[number];

/** One text in both languages of the screens. */
export const languageTextSchema = z.object({ id: z.string(), en: z.string() });
export type LanguageText = z.infer<typeof languageTextSchema>;

/** Detections of one rule and one key, grouped while open. Times are epoch milliseconds. */
export const alertSchema = z.object({
  id: z.string(),
  rule: z.object({
    id: z.string(),
    title: languageTextSchema,
    /** The title in at most 20 characters, for the wall. */
    short: languageTextSchema,
    tags: z.array(z.string()),
  }),
  severity: z.enum(severities),
  status: z.enum(alertStatuses),
  /** ECS field to value: what the detections have in common. */
  key: z.record(z.string(), z.string()),
  /** Ids of the parties that its events name, sorted, at most 50; also of organisations that the register doesn't know. */
  parties: z.array(z.string()),
  /** Events behind it, so far. */
  count: z.int(),
  detections: z.int(),
  firstSeen: z.number(),
  lastSeen: z.number(),
  createdAt: z.number(),
  owner: z.nullable(z.string()),
  acknowledged: z.nullable(z.object({ by: z.string(), at: z.number() })),
  closed: z.nullable(
    z.object({ by: z.string(), at: z.number(), verdict: z.enum(verdicts), reason: z.string() }),
  ),
});

export type Alert = z.infer<typeof alertSchema>;

export const alertChangeKinds = ['raised', 'updated', 'acknowledged', 'closed', 'reopened'] as const;

/** One entry of the numbered alert log; `alert` is its state after the change. */
export const alertChangeSchema = z.object({
  seq: z.int(),
  at: z.number(),
  kind: z.enum(alertChangeKinds),
  /** User name of who did it, `null` for the system. */
  actor: z.nullable(z.string()),
  note: z.nullable(z.string()),
  alert: alertSchema,
});

export type AlertChange = z.infer<typeof alertChangeSchema>;

export const severityRank = (severity: Severity): number => severities.indexOf(severity);
export const isOpen = (alert: Pick<Alert, 'status'>): boolean => alert.status !== 'closed';
