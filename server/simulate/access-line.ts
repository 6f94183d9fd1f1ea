/** One answered request, as a web server logs it. */
export interface AccessRequest {
  readonly address: string;
  readonly method: string;
  /** Path and query, as sent. */
  readonly target: string;
  readonly status: number;
  /** Of the body. */
  readonly bytes: number;
  /** `-` when there was none. */
  readonly referrer: string;
  readonly agent: string;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
// Asia/Jakarta is UTC+7 all year.
const jakartaOffsetMs = 7 * 3_600_000;

/** The combined format of nginx and Apache, without the line end; what could break out of its quotes is escaped as nginx does. */
export function accessLine(at: number, request: AccessRequest): string {
  const { address, method, target, status, bytes, referrer, agent } = request;
  const line = `${method} ${escaped(target)} HTTP/1.1`;
  return `${address} - - [${logTime(at)}] "${line}" ${status} ${bytes} "${escaped(referrer)}" "${escaped(agent)}"`;
}

/** `24/Nov/2026:11:04:07 +0700`, the time zone of Jakarta. */
export function logTime(at: number): string {
  const local = new Date(at + jakartaOffsetMs).toISOString();
  const month = months[Number(local.slice(5, 7)) - 1];
  return `${local.slice(8, 10)}/${month}/${local.slice(0, 4)}:${local.slice(11, 19)} +0700`;
}

function escaped(text: string): string {
  return text.replace(
    /["\\]|\p{Cc}/gu,
    (character) => `\\x${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
