import { vi } from 'vitest';

/** One request as the browser sent it. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

type Answer = { readonly status: number; readonly body?: unknown };
type Answers = Readonly<Record<string, Answer | ((sent: Sent) => Answer)>>;

/** Answers `fetch` by `METHOD /path`; what it doesn't know is a 404. The list grows with each request. */
export function serve(answers: Answers): Sent[] {
  const requests: Sent[] = [];
  vi.stubGlobal('fetch', (path: string, init: RequestInit = {}) => {
    const sent: Sent = {
      method: init.method ?? 'GET',
      path,
      body: typeof init.body === 'string' ? (JSON.parse(init.body) as unknown) : undefined,
    };
    requests.push(sent);
    const answer = answers[`${sent.method} ${path}`] ?? refusal(404, 'not-found');
    const { status, body } = typeof answer === 'function' ? answer(sent) : answer;
    return Promise.resolve(new Response(body === undefined ? null : JSON.stringify(body), { status }));
  });
  return requests;
}

/** A refusal as the server words it. */
export const refusal = (status: number, code: string): Answer => ({
  status,
  body: { error: { code, message: code } },
});
