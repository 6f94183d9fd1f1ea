/**
 * What a test file has seen of secrets, and the search for them. Every process that a test starts is searched when it ends,
 * and every secret that passes through `fetch` or a browser is known here (`canary-watch.ts`), so all tests take part.
 */

/** Shorter ones, such as six digits, stand anywhere by chance. */
const minLength = 10;
/** So much of a long random secret is enough to know it by. */
const tellingLength = 20;
const longFrom = 40;

/** What each form of each secret is. */
const forms = new Map<string, string>();
const known = new Set<string>();
const underWay = new Set<Promise<unknown>>();

/** Base64 of a text that stands anywhere in a longer one: what of it is the same whatever stands around. */
function base64Within(secret: Buffer): string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), secret]).toString('base64');
    const isWhole = (before + secret.length) % 3 === 0;
    return text.slice(before === 0 ? 0 : before + 1, isWhole ? undefined : -4);
  });
}

/** Takes a secret into the search, in every form that a log or a file could have it in. */
export function keepSecret(what: string, secret: string | Buffer): void {
  const bytes = Buffer.from(secret);
  const text = bytes.toString('utf8');
  const id = bytes.toString('hex');
  if (bytes.length < minLength || known.has(id)) return;
  known.add(id);
  const add = (how: string, form: string): void => {
    if (!forms.has(form)) forms.set(form, `${what}${how}`);
  };
  if (!Buffer.isBuffer(secret)) {
    add('', text);
    add(' in JSON', JSON.stringify(text).slice(1, -1));
    add(' in an address', encodeURIComponent(text));
    if (text.length >= longFrom) add(', its beginning', text.slice(0, tellingLength));
  }
  add(' in hex', id);
  for (const form of base64Within(bytes)) {
    add(' in base64', form);
    add(' in base64url', form.replaceAll('+', '-').replaceAll('/', '_'));
  }
}

/** Keeps secrets that are still being read when a process ends. */
export function keepLater(reading: Promise<unknown>): void {
  // A page that is gone has nothing more to say.
  const settled = reading.catch(() => undefined).finally(() => underWay.delete(settled));
  underWay.add(settled);
}

/** Names of the secrets that stand in a text; empty when none does. */
export async function secretsIn(text: string): Promise<string[]> {
  await Promise.all(underWay);
  const found = [...forms].filter(([form]) => text.includes(form));
  return [...new Set(found.map(([, what]) => what))];
}

/** How many secrets are known. */
export const secretsKnown = (): number => known.size;

/** Fails when a secret stands in a text. */
export async function expectNoSecret(where: string, text: string): Promise<void> {
  const found = await secretsIn(text);
  if (found.length > 0) throw new Error(`${where} tells a secret: ${found.join('; ')}`);
}
