import { busynessAt } from './day-curve.ts';
import { assets, browsers, crawlers, missing, pageBytes, publicPages } from './site.ts';
import { again, type World } from './world.ts';

const pagesPerSecond = 2.6;
const monitorEveryMs = 10_000;
const monitorAddress = '192.0.2.5';

/** The public: people and crawlers that read the site, and the commission's own check that it is up. */
export function startVisitors(world: World): void {
  const { random, startedAt } = world;
  const waitMs = (at: number): number =>
    (-Math.log(1 - random.next()) * 1_000) / (pagesPerSecond * busynessAt(at));
  again(world, startedAt + waitMs(startedAt), waitMs, (at) => visit(world, at));
  again(
    world,
    startedAt + 1_000,
    () => monitorEveryMs,
    (at) => world.request(at, monitorRequest),
  );
}

const monitorRequest = {
  address: monitorAddress,
  method: 'GET',
  target: '/sehat',
  status: 200,
  bytes: 2,
  referrer: '-',
  agent: 'curl/8.5.0',
} as const;

function visit(world: World, at: number): void {
  const { random } = world;
  const address = visitorAddress(world);
  const crawler = random.chance(0.06);
  const agent = crawler ? random.pick(crawlers) : random.pick(browsers);
  const page = random.pick(publicPages);
  const ask = (when: number, target: string, answer: { status: number; bytes: number }): void =>
    world.request(when, { address, method: 'GET', target, referrer: '-', agent, ...answer });
  ask(at, page, { status: 200, bytes: pageBytes(random) });
  if (crawler) return;
  for (let count = random.whole(0, 5); count > 0; count -= 1) {
    const target = random.pick(assets);
    const known = random.chance(0.4);
    const bytes = known ? 0 : random.whole(2_000, 180_000);
    world.schedule(at + random.between(40, 900), (when) =>
      ask(when, target, { status: known ? 304 : 200, bytes }),
    );
  }
  if (random.chance(0.12))
    world.schedule(at + random.between(100, 900), (when) =>
      ask(when, random.pick(missing), { status: 404, bytes: 548 }),
    );
}

/** From the range for benchmarks, 198.18.0.0/15 (RFC 2544), as the public is large; some by IPv6. */
function visitorAddress({ random }: World): string {
  if (random.chance(0.15)) return `2001:db8:f${random.whole(100, 999)}::${random.whole(1, 400).toString(16)}`;
  return `198.${random.whole(18, 19)}.${random.whole(0, 39)}.${random.whole(1, 254)}`;
}
