import { describe, expect, it } from 'vitest';
import { createEventPoster, maxWaiting } from '../../../server/simulate/event-poster.ts';

type Answer = number | Error;

/** A poster whose requests are answered by these, in order, then by 200. */
function posterOf(answers: Answer[], wait: (signal: AbortSignal) => Promise<void> = () => Promise.resolve()) {
  const sent: { address: string; headers: HeadersInit | undefined; lines: string[] }[] = [];
  const waits: number[] = [];
  const complaints: string[] = [];
  let idle: () => void = () => undefined;
  const allTaken = new Promise<void>((resolve) => {
    idle = resolve;
  });
  const poster = createEventPoster({
    address: 'http://127.0.0.1:1/ingest/v1/sipol',
    token: 'token',
    post: (address, init) => {
      const answer = answers.shift();
      const body = typeof init?.body === 'string' ? init.body : '';
      sent.push({
        address: address instanceof Request ? address.url : address.toString(),
        headers: init?.headers,
        lines: body.split('\n').slice(0, -1),
      });
      if (answers.length === 0) idle();
      return answer instanceof Error
        ? Promise.reject(answer)
        : Promise.resolve(new Response('{}', { status: answer ?? 200 }));
    },
    wait: (ms, signal) => {
      waits.push(ms);
      return wait(signal);
    },
    complain: (detail) => complaints.push(detail),
  });
  return { poster, sent, waits, complaints, allTaken };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('the poster of events', () => {
  it('sends NDJSON with the bearer token', async () => {
    const { poster, sent, allTaken } = posterOf([200]);
    poster.add(['{"a":1}', '{"a":2}']);
    await allTaken;
    expect(sent).toEqual([
      {
        address: 'http://127.0.0.1:1/ingest/v1/sipol',
        headers: { Authorization: 'Bearer token', 'Content-Type': 'application/x-ndjson' },
        lines: ['{"a":1}', '{"a":2}'],
      },
    ]);
  });

  it('sends a batch again after 503, 429 and no connection, later and later', async () => {
    const answers = [503, new TypeError('fetch failed'), 429, 503, 503, 503, 503, 200];
    const { poster, sent, waits, allTaken } = posterOf(answers);
    poster.add(['{"a":1}']);
    await allTaken;
    await settle();
    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
    expect(new Set(sent.map(({ lines }) => lines.join())).size).toBe(1);
    expect(poster.dropped()).toBe(0);
  });

  it('drops what is refused for good, says so once, and goes on', async () => {
    const { poster, sent, complaints, allTaken } = posterOf([401, 401, 200]);
    poster.add(Array.from({ length: 1_100 }, (_, index) => `${index}`));
    await allTaken;
    await settle();
    expect(sent.map(({ lines }) => lines.length)).toEqual([500, 500, 100]);
    expect(poster.dropped()).toBe(1_000);
    expect(complaints).toEqual(['events of the simulation were refused: 401 {}']);
  });

  it('holds no more than its limit', () => {
    const { poster, complaints } = posterOf([]);
    poster.add(Array.from({ length: maxWaiting + 5 }, () => '{}'));
    expect(poster.dropped()).toBe(5);
    expect(complaints).toEqual([`events of the simulation were dropped: ${maxWaiting} wait already`]);
  });

  it('stops while it waits for the server', async () => {
    const aborted = (signal: AbortSignal) =>
      new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    const { poster, sent, waits } = posterOf([503, 503], aborted);
    poster.add(['{}']);
    await settle();
    expect(waits).toEqual([250]);
    await poster.stop();
    expect(sent).toHaveLength(1);
  });
});
