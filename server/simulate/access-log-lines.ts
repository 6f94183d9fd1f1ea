import { accessLine, logTime, type AccessRequest } from './access-line.ts';
import { createRandom, type Random } from './random.ts';
import { assets, browsers, crawlers, missing, operatorRequest, pageBytes, publicPages } from './site.ts';

export interface AccessLogOptions {
  readonly seed: number;
  /** Lines in all. */
  readonly count: number;
  /** Time of the first line, epoch ms; the others follow by 5 ms each. */
  readonly startMs: number;
}

const stepMs = 5;
const chunkChars = 1_048_576;
const distinctAddresses = 8_192;
const distinctRequests = 16_384;

/**
 * A large access log in the combined format, as chunks of about 1 MiB that end with whole lines: some 3 % not found, 2 % logins,
 * a probe in ten thousand. For measurements: only the address, the time and the choice of the request differ from line to line.
 */
export async function* accessLogLines({ seed, count, startMs }: AccessLogOptions): AsyncGenerator<string> {
  const random = createRandom(seed);
  const addresses = Array.from({ length: distinctAddresses }, () => addressOf(random));
  const requests = Array.from({ length: distinctRequests }, () => afterTime(requestOf(random)));
  const probes = probeTargets.map((target) => afterTime({ ...plain, target, status: 404, bytes: 548 }));
  let chunk = '';
  let second = Number.NaN;
  let time = '';
  for (let index = 0; index < count; index += 1) {
    const at = startMs + index * stepMs;
    const thisSecond = Math.floor(at / 1_000);
    if (thisSecond !== second) {
      second = thisSecond;
      time = logTime(at);
    }
    const request = random.next() < 0.0001 ? random.pick(probes) : random.pick(requests);
    chunk += `${random.pick(addresses)} - - [${time}${request}`;
    if (chunk.length >= chunkChars) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}

const plain: AccessRequest = {
  address: '-',
  method: 'GET',
  target: '/',
  status: 200,
  bytes: 0,
  referrer: '-',
  agent: browsers[0],
};

const probeTargets = [
  '/sipol/unduh?berkas=../../../../etc/passwd',
  '/partai?id=7%20UNION%20SELECT%20NULL,NULL--',
  '/.env',
  '/cari?q=%3Cscript%3Ealert(1)%3C/script%3E',
];

/** What stands in a line from behind its time to its line feed. */
function afterTime(request: AccessRequest): string {
  const line = accessLine(0, request);
  return `${line.slice(line.indexOf(']'))}\n`;
}

function addressOf(random: Random): string {
  if (random.chance(0.1)) return `2001:db8:${random.whole(1, 9_999)}::${random.whole(1, 999)}`;
  return `198.${random.whole(18, 19)}.${random.whole(0, 255)}.${random.whole(1, 254)}`;
}

function requestOf(random: Random): AccessRequest {
  const agent = random.chance(0.05) ? random.pick(crawlers) : random.pick(browsers);
  const base = { ...plain, agent, referrer: random.chance(0.5) ? '-' : 'https://sipol.example/' };
  const roll = random.next();
  if (roll < 0.03) return { ...base, target: random.pick(missing), status: 404, bytes: 548 };
  if (roll < 0.05)
    return {
      ...base,
      method: 'POST',
      target: '/sipol/login',
      status: random.chance(0.93) ? 302 : 401,
      bytes: 0,
    };
  if (roll < 0.35) return { ...base, ...operatorRequest(random), bytes: pageBytes(random) };
  if (roll < 0.6) return { ...base, target: random.pick(publicPages), bytes: pageBytes(random) };
  if (roll < 0.75) return { ...base, target: random.pick(assets), status: 304 };
  return { ...base, target: random.pick(assets), bytes: random.whole(2_000, 180_000) };
}
