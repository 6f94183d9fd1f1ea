import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';

export interface Page {
  readonly url: URL;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Where it sends the browser on to; `null` when it doesn't. */
  readonly location: URL | null;
}

/** A browser without eyes: cookies by origin, and redirects that are followed one at a time. */
export interface HandBrowser {
  /** Cookies by origin, then name. */
  readonly cookies: Map<string, Map<string, string>>;
  get(url: string | URL): Promise<Page>;
  /** Follows redirects from there; `at` sees, and may change, each address before it is asked for. */
  follow(url: string | URL, at?: (url: URL) => URL | null): Promise<Page[]>;
}

/** A new one, with no cookies. */
export function openHandBrowser(): HandBrowser {
  const cookies: HandBrowser['cookies'] = new Map();
  const get = async (address: string | URL): Promise<Page> => {
    const url = new URL(address);
    const jar = cookies.get(url.origin) ?? new Map<string, string>();
    cookies.set(url.origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const page = await ask(url, cookie === '' ? {} : { cookie });
    for (const line of page.headers['set-cookie'] ?? []) keep(jar, line);
    return page;
  };
  return {
    cookies,
    get,
    async follow(start, at = (url) => url) {
      const pages: Page[] = [];
      let next: URL | null = at(new URL(start));
      while (next !== null && pages.length < 20) {
        const page: Page = await get(next);
        pages.push(page);
        next = page.location && at(page.location);
      }
      return pages;
    },
  };
}

function keep(jar: Map<string, string>, line: string): void {
  const [pair = ''] = line.split(';');
  const [name = '', ...value] = pair.split('=');
  if (/max-age=0|expires=thu, 01 jan 1970/i.test(line)) jar.delete(name);
  else jar.set(name, value.join('='));
}

function ask(url: URL, headers: Record<string, string>): Promise<Page> {
  return new Promise((resolve, reject) => {
    const asking = httpRequest(url, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode: status = 0, headers: answered } = response;
        const location = answered.location === undefined ? null : new URL(answered.location, url);
        resolve({ url, status, headers: answered, text: Buffer.concat(chunks).toString(), location });
      });
    });
    asking.on('error', reject);
    asking.end();
  });
}
