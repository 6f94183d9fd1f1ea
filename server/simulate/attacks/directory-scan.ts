import { browsers } from '../site.ts';
import { oneByOne } from '../world.ts';
import { attackerAddress, scannerAgents, type Attack } from './attack.ts';

const everyMs = 500;
const folders = ['', '/admin', '/api', '/backup', '/cms', '/lama', '/test', '/upload', '/v1', '/web'];
const names =
  'index.php login.php config.php.bak .env .git/config shell.php dump.sql phpinfo.php wp-login.php swagger.json'.split(
    ' ',
  );

/** A hundred paths that don't exist, asked for from one address in less than a minute, often by a scanner that says its name. */
export const directoryScan: Attack = (world, at) => {
  const { random } = world;
  const address = attackerAddress(random);
  const agent = random.chance(0.6) ? random.pick(scannerAgents) : random.pick(browsers);
  const paths = folders.flatMap((folder) => names.map((name) => `${folder}/${name}`));
  oneByOne(world, { at, everyMs, items: random.shuffle(paths) }, (when, target) =>
    world.request(when, { address, method: 'GET', target, status: 404, bytes: 548, referrer: '-', agent }),
  );
};
