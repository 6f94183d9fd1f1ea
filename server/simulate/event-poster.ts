/** Sends the simulation's events by the same way in as anybody's. */
export interface EventPoster {
  /** Takes events to be sent, in order; those that don't fit are dropped and counted. */
  add(events: readonly string[]): void;
  dropped(): number;
  /** Gives up waiting and resolves once nothing is under way; what was not sent is dropped. */
  stop(): Promise<void>;
}

export interface EventPosterParts {
  /** Address of the source, `http://127.0.0.1:8080/ingest/v1/sipol`. */
  readonly address: string;
  readonly token: string;
  readonly post: typeof fetch;
  /** Resolves after that time, or at once when the signal is given. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** A batch was refused for good, or waiting events were dropped; once for each cause in a row. */
  readonly complain: (detail: string) => void;
}

/** Events that wait at most; about an hour of ordinary traffic. */
export const maxWaiting = 10_000;
const maxBatch = 500;
const requestWithinMs = 40_000;
const firstWaitMs = 250;
const longestWaitMs = 5_000;

type Outcome = { readonly kind: 'taken' } | { readonly kind: 'later' | 'refused'; readonly why: string };

/**
 * A poster of NDJSON. One batch is under way at a time; after 429, 503 or no connection it is sent again, later and later.
 * Any other refusal drops that batch, since it would be refused again.
 */
export function createEventPoster(parts: EventPosterParts): EventPoster {
  const stopping = new AbortController();
  let waiting: string[] = [];
  let dropped = 0;
  let complaint = '';
  let running: Promise<void> | null = null;

  const complain = (detail: string): void => {
    if (detail !== complaint) parts.complain(detail);
    complaint = detail;
  };

  const run = async (): Promise<void> => {
    let waitMs = firstWaitMs;
    while (waiting.length > 0 && !stopping.signal.aborted) {
      const batch = waiting.slice(0, maxBatch);
      const outcome = await send(parts, batch, stopping.signal);
      if (outcome.kind === 'later') {
        await parts.wait(waitMs, stopping.signal);
        waitMs = Math.min(waitMs * 2, longestWaitMs);
        continue;
      }
      waitMs = firstWaitMs;
      waiting = waiting.slice(batch.length);
      if (outcome.kind === 'taken') complaint = '';
      else {
        dropped += batch.length;
        complain(`events of the simulation were refused: ${outcome.why}`);
      }
    }
  };

  return {
    add(events) {
      const room = Math.max(0, maxWaiting - waiting.length);
      waiting.push(...events.slice(0, room));
      if (events.length > room) {
        dropped += events.length - room;
        complain(`events of the simulation were dropped: ${maxWaiting} wait already`);
      }
      running ??= run().finally(() => {
        running = null;
      });
    },
    dropped: () => dropped,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function send(
  { address, token, post }: EventPosterParts,
  events: readonly string[],
  stopped: AbortSignal,
): Promise<Outcome> {
  try {
    const response = await post(address, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/x-ndjson' },
      body: `${events.join('\n')}\n`,
      signal: AbortSignal.any([stopped, AbortSignal.timeout(requestWithinMs)]),
    });
    const answer = await response.text();
    if (response.ok) return { kind: 'taken' };
    const why = `${response.status} ${answer.slice(0, 200)}`;
    return { kind: response.status === 429 || response.status === 503 ? 'later' : 'refused', why };
  } catch (error) {
    return { kind: 'later', why: String(error) };
  }
}
