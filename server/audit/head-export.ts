import { appendFile } from 'node:fs/promises';
import type { HeadExportState, TimedHead } from '../../shared/api/audit.ts';
import { sendWebhook, type Webhook } from './send-webhook.ts';

/** Where heads go. */
export type HeadTarget =
  { readonly kind: 'file'; readonly path: string } | ({ readonly kind: 'webhook' } & Webhook);

export const exportEveryMs = 3_600_000;
/** Heads that wait while none gets out: those of a week. The oldest is given up for a new one. */
export const maxHeadsWaiting = 168;
const firstRetryMs = 1_000;
const longestRetryMs = 300_000;

/** Tells the head to somebody else, each hour, also of an hour without acts: one that is missing shows a loss. */
export interface HeadExport {
  /** Now, and then each hour. */
  readonly start: () => void;
  readonly state: () => HeadExportState;
  /** Tells the head once more, and ends; what then waits still is not told. */
  readonly stop: () => Promise<void>;
}

export interface HeadExportParts {
  readonly target: HeadTarget | null;
  readonly head: () => Promise<TimedHead>;
  readonly now: () => number;
  /** Calls back every so many ms until it is cancelled. */
  readonly every: (callback: () => void, ms: number) => { cancel(): void };
  /** Calls back once after so many ms unless it is cancelled. */
  readonly later: (callback: () => void, ms: number) => { cancel(): void };
  /** Hears of each attempt that failed; no token is in it. */
  readonly onFault: (error: unknown) => void;
  readonly send?: (target: HeadTarget, line: string) => Promise<void>;
}

/** An export that has told nothing yet. */
export function createHeadExport(parts: HeadExportParts): HeadExport {
  const { target, head, every } = parts;
  const sender = createSender(parts);
  let timer: { cancel(): void } | null = null;
  const tell = async (): Promise<void> => {
    if (target === null) return;
    try {
      sender.add(await head());
    } catch (error) {
      sender.failed(error);
    }
  };
  return {
    start: () => {
      void tell();
      timer ??= every(() => void tell(), exportEveryMs);
    },
    state: () => ({ kind: target?.kind ?? 'none', ...sender.state() }),
    stop: async () => {
      timer?.cancel();
      await sender.settled();
      await tell();
      await sender.settled();
      sender.close();
    },
  };
}

/** Heads on their way, in their order. */
function createSender({ target, now, later, onFault, send = sendHead }: HeadExportParts) {
  const waiting: TimedHead[] = [];
  let lastAt: number | null = null;
  let failing: { since: number; error: string; attempts: number } | null = null;
  let dropped = 0;
  let sending: Promise<void> | null = null;
  let retry: { cancel(): void } | null = null;

  const failed = (error: unknown): void => {
    const text = error instanceof Error ? error.message : String(error);
    failing = { since: failing?.since ?? now(), error: text, attempts: (failing?.attempts ?? 0) + 1 };
    onFault(error);
  };
  const drain = async (to: HeadTarget): Promise<void> => {
    for (let next = waiting[0]; next; next = waiting[0]) {
      try {
        await send(to, `${JSON.stringify(next)}\n`);
      } catch (error) {
        failed(error);
        retry?.cancel();
        retry = later(run, Math.min(longestRetryMs, firstRetryMs * 2 ** ((failing?.attempts ?? 1) - 1)));
        return;
      }
      // It may have been given up meanwhile.
      if (waiting[0] === next) waiting.shift();
      lastAt = now();
      failing = null;
    }
  };
  const run = (): void => {
    if (target === null) return;
    sending ??= drain(target).finally(() => {
      sending = null;
    });
  };
  return {
    add: (head: TimedHead): void => {
      waiting.push(head);
      while (waiting.length > maxHeadsWaiting) {
        waiting.shift();
        dropped += 1;
      }
      run();
    },
    failed,
    state: () => ({
      lastAt,
      failingSince: failing?.since ?? null,
      error: failing?.error ?? null,
      waiting: waiting.length,
      dropped,
    }),
    settled: async (): Promise<void> => {
      await sending;
    },
    close: (): void => retry?.cancel(),
  };
}

async function sendHead(target: HeadTarget, line: string): Promise<void> {
  if (target.kind === 'webhook') return sendWebhook(target, line.trimEnd());
  return appendFile(target.path, line, { mode: 0o600, flush: true });
}
