/** What of a request's headers tells where it comes from; names in lower case. */
export interface OriginHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly cookie?: string | undefined;
  readonly 'sec-fetch-site'?: string | string[] | undefined;
}

/** Which hosts may be asked for and which origins may ask, for HTTP and for the socket's hand-shake; exact matches only. */
export interface OriginPolicy {
  /** Whether `Host` names this server: a configured origin's, or a loopback name with the port that was reached. */
  isOwnHost(host: string | undefined, localPort: number | undefined): boolean;
  isOwnOrigin(origin: string, localPort: number | undefined): boolean;
  /**
   * Whether a request that changes something may be obeyed. An `Origin` must be an own one, `null` never is. Browsers send
   * it with each such request; without one it is obeyed when the browser vouches for it (`Sec-Fetch-Site` `same-origin`, or
   * `none`: typed by the user) or when it carries no cookie, so that no session can be ridden on: a command-line client.
   */
  mayChange(headers: OriginHeaders, localPort: number | undefined): boolean;
}

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

/** Throws when an origin is not one, such as `https://siaga.example` with nothing after the host. */
export function createOriginPolicy(
  origins: readonly string[],
  scheme: 'http' | 'https' = 'http',
): OriginPolicy {
  const own = new Set<string>();
  const hosts = new Set<string>();
  for (const origin of origins) {
    const url = new URL(origin);
    if (url.origin !== origin) throw new Error(`not an origin: ${JSON.stringify(origin)}`);
    own.add(origin);
    hosts.add(url.host);
  }
  const loopbackOf = byPort((port) => loopbackNames.map((name) => new URL(`${scheme}://${name}:${port}`)));
  const isOwnOrigin = (origin: string, port: number | undefined) =>
    own.has(origin) || loopbackOf(port).some((url) => url.origin === origin);
  return {
    isOwnHost: (host, port) => {
      if (host === undefined) return false;
      const name = host.toLowerCase();
      return hosts.has(name) || loopbackOf(port).some((url) => url.host === name);
    },
    isOwnOrigin,
    mayChange(headers, port) {
      if (headers.origin !== undefined) return isOwnOrigin(headers.origin, port);
      const site = headers['sec-fetch-site'];
      if (site !== undefined) return site === 'same-origin' || site === 'none';
      return headers.cookie === undefined;
    },
  };
}

function byPort<T>(make: (port: number) => T[]): (port: number | undefined) => T[] {
  let last: { port: number; made: T[] } | null = null;
  return (port) => {
    if (port === undefined) return [];
    if (last?.port !== port) last = { port, made: make(port) };
    return last.made;
  };
}
