import * as z from 'zod/mini';

/** What became of the limits of requests, searches and sockets. */
export const limitsAnswerSchema = z.object({
  limits: z.array(
    z.object({
      name: z.string(),
      /** As the configuration writes it: `64KiB`, `30s`, `200`. */
      value: z.string(),
      /** How often it was reached in the last 60 minutes, and since the start of the process. */
      lastHour: z.int(),
      total: z.int(),
    }),
  ),
});
export type LimitsAnswer = z.infer<typeof limitsAnswerSchema>;
