import * as z from 'zod/mini';
import { alertChangeSchema, alertSchema } from '../alert.ts';
import { partySchema } from '../party.ts';
import { frameSchema, loginSeriesSchema } from './frame.ts';

/**
 * The typed contract between live server and browser. Commands are `noun:verb`, facts `noun:past`.
 *
 * 1. After the hand-shake a client sends `live:subscribe` with the newest numbers it has, or `null`.
 * 2. The answer is one `snapshot`; it carries the alert log's cursor and the newest frame's `seq`.
 *    When the client's alert cursor is known and near, `missed` holds exactly the changes after it, in order, and `alerts` is `null`.
 * 3. Then come `frame:sent` (volatile: a slow socket gets the newest only) and `alerts:changed` (never dropped).
 * 4. A client that sees `seq` jump sends `frames:resync`; a jump in the alert log means `live:subscribe` again.
 * 5. The server ends a socket whose session ended: `session:ended`, then disconnect. So it does when a token lost something.
 * 6. Without `alerts:read` a snapshot holds no alert and no count of them, and `alerts:changed` doesn't come.
 */

export const snapshotSchema = z.object({
  /** Server's clock at sending, epoch ms. */
  now: z.number(),
  /** `simulation`: the demo's data; every screen must say so. */
  mode: z.enum(['simulation', 'production']),
  version: z.string(),
  parties: z.array(partySchema),
  /** The newest frame, `null` in the first second of a new server. */
  frame: z.nullable(frameSchema),
  /** The last 15 minutes by the second, gaps left out. */
  recent: loginSeriesSchema,
  /** Open alerts, worst first, at most 500; `null` when `missed` brings the client up to date. */
  alerts: z.nullable(z.array(alertSchema)),
  /** How many are open in all. */
  openAlerts: z.int(),
  missed: z.array(alertChangeSchema),
  alertCursor: z.int(),
});

export type Snapshot = z.infer<typeof snapshotSchema>;

export const subscribeSchema = z.object({
  frameSeq: z.nullable(z.int()),
  alertCursor: z.nullable(z.int()),
});

export type Subscribe = z.infer<typeof subscribeSchema>;

/** Asks for what came after frame `after`; answered with the seconds still held (15 minutes), oldest first, and the newest frame. */
export const resyncSchema = z.object({ after: z.int() });
export const resyncAnswerSchema = z.object({ recent: loginSeriesSchema, frame: z.nullable(frameSchema) });
export type ResyncAnswer = z.infer<typeof resyncAnswerSchema>;

export const sessionEndedReasons = ['signed-out', 'expired', 'revoked'] as const;
export const sessionEndedSchema = z.object({ reason: z.enum(sessionEndedReasons) });
export const alertChangesSchema = z.array(alertChangeSchema);

/** Facts; who hears them is in `events.ts`. */
export interface ServerToClient {
  'frame:sent': (frame: z.infer<typeof frameSchema>) => void;
  'alerts:changed': (changes: z.infer<typeof alertChangesSchema>) => void;
  'session:ended': (end: z.infer<typeof sessionEndedSchema>) => void;
}

export type Refusal = { error: { code: string; message: string } };

/** Commands; who may send them is in `events.ts`. */
export interface ClientToServer {
  'live:subscribe': (body: Subscribe, answer: (result: Snapshot | Refusal) => void) => void;
  'frames:resync': (
    body: z.infer<typeof resyncSchema>,
    answer: (result: ResyncAnswer | Refusal) => void,
  ) => void;
}

/** Where the socket server listens. */
export const livePath = '/live';
