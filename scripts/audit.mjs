import { spawnSync } from 'node:child_process';
import { root } from './project.mjs';

/**
 * Asks the registry for advisories about what ships. Exit code 0: asked, and none of level high or above; 1: there are some;
 * 3: the registry didn't answer, so nothing is known but what tests/security/advisories.json says.
 */
const { stdout } = spawnSync('npm', ['audit', '--omit', 'dev', '--audit-level', 'high', '--json'], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
});
const counts = countsIn(stdout);
if (counts === null) {
  console.error(
    'NOT ANSWERED: the registry has no advisories for us; only tests/security/advisories.json was checked.',
  );
  process.exitCode = 3;
} else {
  console.log('Advisories by level: %s', JSON.stringify(counts));
  process.exitCode = counts.high + counts.critical > 0 ? 1 : 0;
}

function countsIn(text) {
  try {
    return JSON.parse(text).metadata?.vulnerabilities ?? null;
  } catch {
    return null;
  }
}
